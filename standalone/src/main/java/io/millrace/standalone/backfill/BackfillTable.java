package io.millrace.standalone.backfill;

/** The tables whose rows can be recomputed. */
enum BackfillTable {
  SESSIONS("sessions", "started_at"),
  METRICS("metrics_15m", "window_start"),
  CONVERSIONS("conversions", "occurred_at"),
  ATTRIBUTION("attribution", "occurred_at"),
  FUNNEL_STEPS("funnel_steps", "occurred_at");

  private final String table;
  private final String time;

  BackfillTable(String table, String time) {
    this.table = table;
    this.time = time;
  }

  /** The name without its namespace. */
  String table() {
    return table;
  }

  /** The column that says when a result begins. */
  String time() {
    return time;
  }
}
