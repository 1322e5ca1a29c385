package io.millrace.jobs.anomalies.score;

/**
 * A planted fault.
 *
 * @param from index of its first window
 * @param to index of its last window
 */
record Fault(Kind kind, int from, int to) {
  enum Kind {
    OUTAGE,
    SPIKE,
    DROP_BY_HALF,
    SLOW_LEAK,
    LEVEL_SHIFT,
    TRACKING_BREAK,
    BOT_WAVE,
    DOUBLED_DATA,
    STUCK_VALUE,
    WEEKDAY_LIKE_WEEKEND
  }
}
