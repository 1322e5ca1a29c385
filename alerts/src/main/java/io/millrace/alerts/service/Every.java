package io.millrace.alerts.service;

import java.time.Duration;

/** Says when something is due again. Not thread-safe. */
final class Every {
  private final long nanos;
  private Long lastNanos; // null before the first time

  Every(Duration pause) {
    this.nanos = pause.toNanos();
  }

  /** Whether so much time has gone by since it was due last; the first time it is. */
  boolean isDue() {
    long now = System.nanoTime();
    if (lastNanos != null && now - lastNanos < nanos) {
      return false;
    }
    lastNanos = now;
    return true;
  }
}
