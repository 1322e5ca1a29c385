package io.millrace.domain.anomaly;

import java.time.Duration;

/** How long the windows of a watched series are. */
public enum Grain {
  MINUTE("1m", Duration.ofMinutes(1)),
  QUARTER("15m", Duration.ofMinutes(15)),
  HOUR("1h", Duration.ofHours(1));

  private final String label;
  private final Duration width;

  Grain(String label, Duration width) {
    this.label = label;
    this.width = width;
  }

  /** The end of a series' name. */
  public String label() {
    return label;
  }

  public Duration width() {
    return width;
  }

  public long millis() {
    return width.toMillis();
  }
}
