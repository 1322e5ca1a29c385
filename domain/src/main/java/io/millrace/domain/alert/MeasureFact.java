package io.millrace.domain.alert;

/**
 * What was measured in one window.
 *
 * @param metric a measure such as {@code page_views}, or one of those named here
 * @param sampleSize of how many it is the ratio: those who entered a funnel, events received; 0
 *     where it is no ratio
 * @param revision grows when late data changes the window
 */
public record MeasureFact(
    String tenant,
    String metric,
    String grouping,
    String value,
    long windowStartMillis,
    long windowEndMillis,
    double actual,
    long sampleSize,
    long revision)
    implements WindowFact {
  /** {@link RateRules#funnelRate}; the grouping is {@code funnel}. */
  public static final String FUNNEL_RATE = "funnel_rate";

  /** {@link RateRules#goalRate}; the grouping is {@code goal}. */
  public static final String GOAL_RATE = "goal_rate";

  /** {@link RateRules#deadLetterRatio}; the grouping is {@code all}. */
  public static final String DEAD_LETTER_RATIO = "dead_letter_ratio";

  /** How long ago that is up to which the data is complete. */
  public static final String BEHIND_MILLIS = "behind_ms";

  public MeasureFact {
    WindowFact.requireWindow(metric, windowStartMillis, windowEndMillis);
    if (!Double.isFinite(actual)) {
      throw new IllegalArgumentException(
          "The value of " + metric + " is " + actual + "; leave a window without a value out");
    }
  }

  @Override
  public String key() {
    return "measure|" + seriesKey() + '|' + windowStartMillis;
  }
}
