package io.millrace.jobs.anomalies;

/** State: an anomaly of a series that lasts. A Flink POJO. */
public final class OpenEvent {
  /** Label of the worst {@code Severity} so far. */
  public String severity;

  /** End of the last window that was anomalous, epoch ms. */
  public long lastEnd;
}
