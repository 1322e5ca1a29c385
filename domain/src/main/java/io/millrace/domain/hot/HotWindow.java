package io.millrace.domain.hot;

import io.millrace.domain.metric.MetricRules;

/**
 * The windows in which the hot store keeps metrics: minutes for the last minutes and hours,
 * quarters of an hour, from when they are over, for the last day.
 */
public enum HotWindow {
  MINUTE("1m", MetricRules.MINUTE_MS, 200),
  QUARTER("15m", MetricRules.WINDOW_MS, 500);

  private final String label;
  private final long widthMs;
  private final int listed;

  HotWindow(String label, long widthMs, int listed) {
    this.label = label;
    this.widthMs = widthMs;
    this.listed = listed;
  }

  /** The name in keys. */
  public String label() {
    return label;
  }

  public long widthMs() {
    return widthMs;
  }

  /** How many values each list of such a window keeps, those with the most events. */
  public int listed() {
    return listed;
  }
}
