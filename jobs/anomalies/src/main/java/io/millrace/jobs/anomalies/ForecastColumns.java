package io.millrace.jobs.anomalies;

import io.millrace.jobs.kit.Columns;

/** {@code lake.forecasts}. */
public final class ForecastColumns {
  private ForecastColumns() {}

  public static Columns<ForecastRow> columns() {
    return new Columns<ForecastRow>()
        .text("tenant", r -> r.tenant)
        .text("series", r -> r.series)
        .text("metric", r -> r.metric)
        .text("grouping", r -> r.grouping)
        .text("value", r -> r.value)
        .time("window_start", r -> r.windowStart)
        .time("window_end", r -> r.windowEnd)
        .time("made_at", r -> r.madeAt)
        .rounded("expected", 18, 4, r -> r.expected)
        .rounded("lower", 18, 4, r -> r.lower)
        .rounded("upper", 18, 4, r -> r.upper)
        .text("model_version", r -> r.modelVersion);
  }
}
