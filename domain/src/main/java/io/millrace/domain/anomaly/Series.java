package io.millrace.domain.anomaly;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;

/**
 * What is known of a series before its first point.
 *
 * @param name unique among those scored together
 * @param metric what is measured, for people
 * @param type null where it has to be found out from the first points
 * @param cadence time between points; null where it has to be found out
 * @param zone whose clock people live by
 * @param holidays days of that zone on which people behave otherwise
 */
public record Series(
    String name,
    String metric,
    SeriesType type,
    Duration cadence,
    ZoneId zone,
    Set<LocalDate> holidays) {
  public Series {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(zone, "zone");
    holidays = Set.copyOf(holidays);
    if (cadence != null && (cadence.isNegative() || cadence.isZero())) {
      throw new IllegalArgumentException(
          "Series " + name + " has a cadence of " + cadence + "; it must be above 0");
    }
  }

  /** A series of which only the name is known. */
  public static Series unknown(String name) {
    return new Series(name, name, null, null, ZoneOffset.UTC, Set.of());
  }

  /**
   * Whether somebody said what it is. Such a series is taken to follow people's weeks: it is
   * learned for two of them, and small changes of it are no news.
   */
  public boolean described() {
    return type != null;
  }
}
