package io.millrace.jobs.metrics;

import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.jobs.kit.Columns;

/** {@code lake.metrics_15m}. */
public final class MetricColumns {
  private MetricColumns() {}

  public static Columns<MetricRow> columns() {
    return new Columns<MetricRow>()
        .kind(MetricRow::rowKind)
        .text("tenant", r -> r.tenant)
        .identifying()
        .text("grouping", r -> r.grouping)
        .identifying()
        .text("value", r -> r.value)
        .identifying()
        .flag("bot", r -> r.bot)
        .identifying()
        .time("window_start", r -> r.windowStart)
        .identifying()
        .time("window_end", r -> r.windowStart + MetricRules.WINDOW_MS)
        .number("events", r -> r.sums.events)
        .number("page_views", r -> r.sums.pageViews)
        .number("clicks", r -> r.sums.clicks)
        .bytes("visitors_sketch", r -> r.sums.visitors)
        .number("visitors", r -> VisitorSketch.estimate(r.sums.visitors))
        .number("sessions", r -> r.sums.sessions)
        .number("bounces", r -> r.sums.bounces)
        .number("session_seconds", r -> r.sums.sessionMs / 1_000)
        .number("engagement_ms", r -> r.sums.engagementMs)
        .number("conversions", r -> r.sums.conversions)
        .number("revenue_cents", r -> r.sums.revenueCents)
        .integer("revision", r -> r.revision);
  }
}
