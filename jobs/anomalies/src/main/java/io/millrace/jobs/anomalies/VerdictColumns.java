package io.millrace.jobs.anomalies;

import io.millrace.jobs.kit.Columns;

/** {@code lake.anomalies}. */
public final class VerdictColumns {
  private VerdictColumns() {}

  public static Columns<VerdictRow> columns() {
    return new Columns<VerdictRow>()
        .kind(VerdictRow::rowKind)
        .text("tenant", r -> r.tenant)
        .identifying()
        .text("series", r -> r.series)
        .identifying()
        .text("metric", r -> r.metric)
        .text("grouping", r -> r.grouping)
        .text("value", r -> r.value)
        .time("window_start", r -> r.windowStart)
        .identifying()
        .time("window_end", r -> r.windowEnd)
        .rounded("actual", 18, 4, r -> r.actual)
        .rounded("expected", 18, 4, r -> r.expected)
        .rounded("lower", 18, 4, r -> r.lower)
        .rounded("upper", 18, 4, r -> r.upper)
        .rounded("score", 5, 4, r -> r.score)
        .text("severity", r -> r.severity)
        .text("state", r -> r.state)
        .text("explanation", r -> r.explanation)
        .text("segments", r -> r.segments)
        .text("fault", r -> r.fault)
        .text("model_version", r -> r.modelVersion)
        .number("history", r -> r.history)
        .integer("revision", r -> r.revision);
  }
}
