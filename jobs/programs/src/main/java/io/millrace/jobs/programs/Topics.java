package io.millrace.jobs.programs;

import java.util.List;

/** The topics of Millrace. */
public final class Topics {
  public static final String EVENTS_RAW = "events.raw";
  public static final String EVENTS_DEAD_LETTER = "events.dead-letter";

  /** Every event once, enriched, as JSON; written where jobs run apart. */
  public static final String EVENTS_ENRICHED = "events.enriched";

  /** The history of {@code lake.sessions}, as JSON; written where jobs run apart. */
  public static final String SESSIONS_CHANGES = "sessions.changes";

  public static final String METRICS_WINDOWS = "metrics.windows";
  public static final String ANOMALIES = "anomalies";

  /** All of them, in the order of the flow. */
  public static final List<String> ALL =
      List.of(
          EVENTS_RAW,
          EVENTS_DEAD_LETTER,
          EVENTS_ENRICHED,
          SESSIONS_CHANGES,
          METRICS_WINDOWS,
          ANOMALIES);

  private Topics() {}
}
