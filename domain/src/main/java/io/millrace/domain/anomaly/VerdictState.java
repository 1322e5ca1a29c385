package io.millrace.domain.anomaly;

/** What a verdict says of a series at a time. */
public enum VerdictState {
  /** Too little has been seen to judge. */
  LEARNING,
  NORMAL,
  /** An anomaly begins or lasts; its first verdict alone is the alarm. */
  ANOMALOUS,
  /** The first normal verdict after an anomaly. */
  RECOVERED,
  /** An anomaly that late data filled; the job says so, never the scorer. */
  WITHDRAWN
}
