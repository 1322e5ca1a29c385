package io.millrace.domain.alert;

/** What the detection says of a series in a window. */
public enum AnomalyState {
  LEARNING,
  NORMAL,
  ANOMALOUS,
  RECOVERED,
  /** It was anomalous, until late data filled the hole. */
  WITHDRAWN
}
