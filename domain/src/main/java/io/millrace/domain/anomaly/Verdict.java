package io.millrace.domain.anomaly;

/**
 * What the scorer says of one point.
 *
 * @param expected what the season and level gave, in the metric's unit, as are the band's ends
 * @param actual NaN where there was no value
 * @param score 0 to 1, where {@link #THRESHOLD} is an alarm; only the row that begins an event
 *     reaches it
 * @param effect the change relative to what was expected, signed; 0 within what was seen at this
 *     time of the week before
 * @param modelVersion which scorer judged, so that verdicts can be told apart after an upgrade
 */
public record Verdict(
    long timestampMillis,
    double actual,
    double expected,
    double lower,
    double upper,
    double score,
    double effect,
    VerdictState state,
    String modelVersion) {
  /** The threshold that ships. */
  public static final double THRESHOLD = 0.5;

  public boolean alarm() {
    return score >= THRESHOLD;
  }

  /** The same verdict after late data has filled the hole. */
  public Verdict withdrawn(double restated) {
    return new Verdict(
        timestampMillis,
        restated,
        expected,
        lower,
        upper,
        0,
        0,
        VerdictState.WITHDRAWN,
        modelVersion);
  }
}
