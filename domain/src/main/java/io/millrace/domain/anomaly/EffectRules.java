package io.millrace.domain.anomaly;

/**
 * What is too small to be news, however improbable: a change of less than a fourth (for sums over
 * hours, a fifth), and what counting noise alone makes.
 *
 * <p>They hold for series that somebody described; of another it is not known what a fourth of a
 * value means.
 */
public final class EffectRules {
  private static final double LEAST_OF_A_POINT = 0.25;
  private static final double LEAST_OF_A_LONG_SUM = 0.2;
  private static final double LEAST_OF_A_GAUGE = 0.1;
  private static final double LONG_MILLIS = 4 * 3_600_000.0;

  /** Counts of visitors come in bursts; and what is expected of them is itself a count's mean. */
  private static final double OVER_POISSON = 1.3;

  /** Eight parts look at each point. */
  private static final double SEVERAL = 0.9;

  private EffectRules() {}

  /** The most that a deviation of this relative size may surprise; none has no bound. */
  public static double bound(SeriesType type, double effect, double spanMillis) {
    double least =
        type == SeriesType.GAUGE
            ? LEAST_OF_A_GAUGE
            : spanMillis > LONG_MILLIS ? LEAST_OF_A_LONG_SUM : LEAST_OF_A_POINT;
    return Math.abs(effect) < least ? 0 : Double.POSITIVE_INFINITY;
  }

  /** The most that a count may surprise where that many were expected. */
  public static double poissonBound(double count, double expected, double cadenceMillis) {
    double deviations =
        (SeriesType.COUNT.even(count) - SeriesType.COUNT.even(expected)) / Math.sqrt(OVER_POISSON);
    return Surprise.ofProbability(Surprise.normal(deviations), cadenceMillis) - SEVERAL;
  }

  /** The same for the mean of {@code points} counts that was off by {@code off}. */
  public static double poissonBound(
      double off, double expected, double points, double cadenceMillis) {
    double deviation = Math.sqrt(Math.max(expected, 0.02) * OVER_POISSON / (2 * points));
    return Surprise.ofProbability(Surprise.normal(off / deviation), cadenceMillis * points)
        - SEVERAL;
  }
}
