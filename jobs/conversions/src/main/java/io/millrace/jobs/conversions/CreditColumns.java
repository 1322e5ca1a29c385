package io.millrace.jobs.conversions;

import io.millrace.jobs.kit.Columns;

/** {@code lake.attribution}; a row that goes is written whole, as in {@code lake.sessions}. */
public final class CreditColumns {
  private CreditColumns() {}

  public static Columns<CreditChange> columns() {
    return new Columns<CreditChange>()
        .kind(CreditChange::rowKind)
        .text("tenant", c -> c.credit.tenant)
        .text("conversion_id", c -> c.credit.conversionId)
        .text("model", c -> c.credit.model)
        .text("session_id", c -> c.credit.sessionId)
        .text("goal", c -> c.credit.goal)
        .text("version", c -> c.credit.version)
        .text("definitions_version", c -> c.credit.definitionsVersion)
        .text("visitor_id", c -> c.credit.visitorId)
        .time("touched_at", c -> c.credit.touchedAt)
        .text("channel", c -> c.credit.channel)
        .text("source", c -> c.credit.source)
        .text("medium", c -> c.credit.medium)
        .text("campaign", c -> c.credit.campaign)
        .time("occurred_at", c -> c.credit.occurredAt)
        .decimal("credit", 10, 9, c -> c.credit.creditNanos)
        .number("revenue_cents", c -> c.credit.revenueCents)
        .text("currency", c -> c.credit.currency)
        .flag("bot", c -> c.credit.bot);
  }
}
