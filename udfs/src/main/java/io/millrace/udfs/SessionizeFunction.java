package io.millrace.udfs;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.api.dataview.ListView;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * {@code sessionize(gap_minutes, tenant, visitor_id, …)}: all sessions of one visitor's events, in
 * order of their start; group by tenant and visitor, and unnest.
 *
 * <p>It keeps the group's events until the group ends. There is no merging of two halves: Flink
 * then brings all events of a group to one place before it begins.
 */
@FunctionHint(
    output =
        @DataTypeHint(
            "ARRAY<ROW<session_id STRING, started_at TIMESTAMP_LTZ(3), ended_at TIMESTAMP_LTZ(3),"
                + " duration_ms BIGINT, events BIGINT, page_views BIGINT, distinct_pages BIGINT,"
                + " bounce BOOLEAN, entry_page STRING, exit_page STRING, channel STRING,"
                + " source STRING, medium STRING, campaign STRING, referrer STRING,"
                + " device_type STRING, browser STRING, os STRING, country STRING, region STRING,"
                + " city STRING, bot BOOLEAN, converted BOOLEAN, conversions BIGINT,"
                + " revenue_cents BIGINT, engagement_ms BIGINT>>"))
public final class SessionizeFunction extends AggregateFunction<Row[], SessionizeFunction.Visits> {
  private static final long serialVersionUID = 1L;

  /** The group's events, and the gap that parts them into sessions. */
  public static final class Visits {
    public ListView<Event> events = new ListView<>();

    /** In ms; 0 before the first event. */
    public long gapMs;
  }

  @Override
  public Visits createAccumulator() {
    return new Visits();
  }

  /** Adds an event; one without tenant, visitor, id, type or time is none. */
  public void accumulate(
      Visits visits,
      Integer gapMinutes,
      String tenant,
      String visitorId,
      String eventId,
      String eventType,
      @DataTypeHint("TIMESTAMP_LTZ(3)") Instant occurredAt,
      Long sequence,
      String pagePath,
      String channel,
      String source,
      String medium,
      String campaign,
      String referrer,
      String deviceType,
      String browser,
      String os,
      String country,
      String region,
      String city,
      Boolean bot,
      Long revenueCents,
      Long engagementMs)
      throws Exception {
    if (tenant == null
        || visitorId == null
        || eventId == null
        || eventType == null
        || occurredAt == null) {
      return;
    }
    Event event = new Event();
    event.tenant = tenant;
    event.visitorId = visitorId;
    event.eventId = eventId;
    event.eventType = eventType;
    event.occurredAt = occurredAt.toEpochMilli();
    event.sequence = sequence;
    event.pagePath = pagePath;
    event.channel = channel;
    event.trafficSource = source;
    event.trafficMedium = medium;
    event.trafficCampaign = campaign;
    event.referrer = referrer;
    event.deviceType = deviceType;
    event.browser = browser;
    event.os = os;
    event.country = country;
    event.region = region;
    event.city = city;
    event.bot = bot != null && bot;
    event.revenueCents = revenueCents;
    event.engagementMs = engagementMs == null ? 0 : engagementMs;
    visits.events.add(event);
    visits.gapMs =
        gapMinutes == null
            ? SessionRules.DEFAULT_GAP.toMillis()
            : Duration.ofMinutes(gapMinutes).toMillis();
  }

  @Override
  public Row[] getValue(Visits visits) {
    List<Event> events = visits.events.getList();
    if (events.isEmpty()) {
      return new Row[0];
    }
    return new SessionRules(visits.gapMs)
        .sessionize(events).stream().map(SessionizeFunction::row).toArray(Row[]::new);
  }

  private static Row row(Session session) {
    return Row.of(
        session.sessionId,
        Instant.ofEpochMilli(session.startedAt),
        Instant.ofEpochMilli(session.endedAt),
        session.durationMs(),
        session.events,
        session.pageViews,
        session.distinctPages,
        session.bounce(),
        session.entryPage,
        session.exitPage,
        session.channel,
        session.source,
        session.medium,
        session.campaign,
        session.referrer,
        session.deviceType,
        session.browser,
        session.os,
        session.country,
        session.region,
        session.city,
        session.bot,
        session.converted(),
        session.conversions,
        session.revenueCents,
        session.engagementMs);
  }
}
