package io.millrace.jobs.sessions;

import io.millrace.jobs.kit.Columns;
import io.millrace.jobs.kit.SessionChange;

/**
 * {@code lake.sessions}. A row that goes is written whole, as it was: readers judge by a delete
 * file's statistics whether it can concern what they look for.
 */
public final class SessionColumns {
  private SessionColumns() {}

  public static Columns<SessionChange> columns() {
    return new Columns<SessionChange>()
        .kind(SessionChange::rowKind)
        .text("tenant", c -> c.session.tenant)
        .text("session_id", c -> c.session.sessionId)
        .text("visitor_id", c -> c.session.visitorId)
        .time("started_at", c -> c.session.startedAt)
        .time("ended_at", c -> c.session.endedAt)
        .number("duration_ms", c -> c.session.durationMs())
        .number("events", c -> c.session.events)
        .number("page_views", c -> c.session.pageViews)
        .number("distinct_pages", c -> c.session.distinctPages)
        .flag("bounce", c -> c.session.bounce())
        .text("entry_page", c -> c.session.entryPage)
        .text("exit_page", c -> c.session.exitPage)
        .text("channel", c -> c.session.channel)
        .text("source", c -> c.session.source)
        .text("medium", c -> c.session.medium)
        .text("campaign", c -> c.session.campaign)
        .text("referrer", c -> c.session.referrer)
        .text("device_type", c -> c.session.deviceType)
        .text("browser", c -> c.session.browser)
        .text("os", c -> c.session.os)
        .text("country", c -> c.session.country)
        .text("region", c -> c.session.region)
        .text("city", c -> c.session.city)
        .flag("bot", c -> c.session.bot)
        .flag("converted", c -> c.session.converted())
        .number("conversions", c -> c.session.conversions)
        .number("revenue_cents", c -> c.session.revenueCents)
        .number("engagement_ms", c -> c.session.engagementMs)
        .integer("revision", c -> c.session.revision);
  }
}
