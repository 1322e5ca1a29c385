package io.millrace.domain.alert;

/**
 * A verdict of the anomaly detection.
 *
 * @param series its name there
 * @param expected NaN where nothing was expected, as are the band's ends
 * @param score 0 to 1
 * @param severity null unless it is anomalous
 * @param explanation for people; may be empty
 * @param revision grows when the same window is judged again
 */
public record AnomalyFact(
    String tenant,
    String series,
    String metric,
    String grouping,
    String value,
    long windowStartMillis,
    long windowEndMillis,
    double actual,
    double expected,
    double lower,
    double upper,
    double score,
    Severity severity,
    AnomalyState state,
    String explanation,
    long revision)
    implements WindowFact {
  public AnomalyFact {
    WindowFact.requireWindow(series, windowStartMillis, windowEndMillis);
    if (state == AnomalyState.ANOMALOUS && severity == null) {
      throw new IllegalArgumentException(
          "The anomaly of " + series + " has no severity; give notice, warning or critical");
    }
  }

  @Override
  public String key() {
    return "anomaly|" + seriesKey() + '|' + windowStartMillis;
  }
}
