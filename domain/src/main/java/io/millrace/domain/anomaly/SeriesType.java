package io.millrace.domain.anomaly;

import java.util.Locale;
import java.util.Optional;

/** What a series' values are, and with that the scale on which their noise is about even. */
public enum SeriesType {
  /** Whole things counted in a window; noise is at least Poisson's, so twice the root is taken. */
  COUNT,
  /** A share, such as a bounce rate. */
  RATIO,
  /** Sums of amounts, which are noisy like counts but without a known floor. */
  MONEY,
  /** A reading, such as a temperature or a load. */
  GAUGE;

  private static final double ANSCOMBE = 0.375;

  /** The type of this name in any case, or nothing. */
  public static Optional<SeriesType> of(String name) {
    for (SeriesType type : values()) {
      if (type.name().equalsIgnoreCase(name.strip())) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Whether seasons and growth multiply, rather than add. */
  public boolean multiplies() {
    return this == COUNT || this == MONEY;
  }

  /** The value on the scale of even noise; for a count, Poisson noise has deviation 1 there. */
  public double even(double value) {
    return switch (this) {
      case COUNT -> 2 * Math.sqrt(Math.max(0, value) + ANSCOMBE);
      case MONEY -> 2 * Math.sqrt(Math.max(0, value));
      case RATIO, GAUGE -> value;
    };
  }

  /** Back from the scale of even noise. */
  public double plain(double even) {
    double square = even <= 0 ? 0 : even * even / 4;
    return switch (this) {
      case COUNT -> Math.max(0, square - ANSCOMBE);
      case MONEY -> square;
      case RATIO, GAUGE -> even;
    };
  }

  /** The least deviation that noise is taken to have, on the scale of even noise. */
  public double leastSpread(double even) {
    return this == COUNT ? 1 : Math.max(1e-9, 1e-4 * Math.abs(even));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
