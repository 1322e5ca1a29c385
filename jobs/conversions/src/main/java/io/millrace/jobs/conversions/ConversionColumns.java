package io.millrace.jobs.conversions;

import io.millrace.jobs.kit.Columns;

/** {@code lake.conversions}; a row that goes is written whole, as in {@code lake.sessions}. */
public final class ConversionColumns {
  private ConversionColumns() {}

  public static Columns<ConversionChange> columns() {
    return new Columns<ConversionChange>()
        .kind(ConversionChange::rowKind)
        .text("tenant", c -> c.conversion.tenant)
        .text("conversion_id", c -> c.conversion.conversionId)
        .text("goal", c -> c.conversion.goal)
        .text("version", c -> c.conversion.version)
        .text("definitions_version", c -> c.conversion.definitionsVersion)
        .text("visitor_id", c -> c.conversion.visitorId)
        .text("session_id", c -> c.conversion.sessionId)
        .text("event_id", c -> c.conversion.eventId)
        .time("occurred_at", c -> c.conversion.occurredAt)
        .number("revenue_cents", c -> c.conversion.revenueCents)
        .text("currency", c -> c.conversion.currency)
        .flag("bot", c -> c.conversion.bot);
  }
}
