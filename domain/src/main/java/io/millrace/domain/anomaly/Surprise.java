package io.millrace.domain.anomaly;

/**
 * The one measure in which all that looks at a series speaks: the decimal logarithm of the weeks
 * that pass, by chance, between two deviations as large. 0 is once a week, 1 once in ten.
 */
public final class Surprise {
  /** There is nothing to say. */
  public static final double NONE = -8;

  public static final long DAY_MILLIS = 86_400_000L;
  public static final double WEEK_MILLIS = 7.0 * DAY_MILLIS;

  private Surprise() {}

  /** From a probability at a point, given as its negative logarithm, for things that last. */
  public static double ofProbability(double negativeLog, double lastsMillis) {
    return negativeLog - Math.log10(WEEK_MILLIS / lastsMillis);
  }

  /** The negative decimal logarithm of a normal deviation's two-sided tail. */
  public static double normal(double deviations) {
    double z = Math.abs(deviations);
    return z * z / 2 / Math.log(10) + Math.log10(Math.max(1, z) * Math.sqrt(2 * Math.PI) / 2);
  }

  /** The same of Student's t, up to a constant, for a spread known from few independent values. */
  public static double student(double deviations, double degrees) {
    return (degrees + 1) / 2 * Math.log10(1 + deviations * deviations / degrees);
  }
}
