package io.millrace.jobs.kit;

import io.millrace.domain.event.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/** Events of rows of {@code lake.events}: the way back of {@link EventColumns}. */
public final class EventRows implements MapFunction<RowData, Event> {
  private static final long serialVersionUID = 1L;

  /** Takes one column of a row, which is not null there. */
  private interface Setter {
    void set(Event event, RowData row, int position);
  }

  private static final Map<String, Setter> SETTERS = setters();

  private final String[] columns;
  private transient Setter[] byPosition;

  /**
   * @param type the columns of the rows; columns that events do not know are passed over
   */
  public EventRows(RowType type) {
    this.columns = type.getFieldNames().toArray(String[]::new);
    for (String needed : SETTERS.keySet()) {
      if (!List.of(columns).contains(needed)) {
        throw new IllegalStateException(
            "Cannot read events: the rows have no column " + needed + "; they have " + type);
      }
    }
  }

  @Override
  public Event map(RowData row) {
    if (byPosition == null) {
      byPosition = new Setter[columns.length];
      for (int i = 0; i < columns.length; i++) {
        byPosition[i] = SETTERS.get(columns[i]);
      }
    }
    Event event = new Event();
    for (int i = 0; i < byPosition.length; i++) {
      if (byPosition[i] != null && !row.isNullAt(i)) {
        byPosition[i].set(event, row, i);
      }
    }
    return event;
  }

  private static Map<String, Setter> setters() {
    Map<String, Setter> setters = new HashMap<>();
    text(setters, "tenant", (e, v) -> e.tenant = v);
    text(setters, "event_id", (e, v) -> e.eventId = v);
    text(setters, "event_type", (e, v) -> e.eventType = v);
    text(setters, "visitor_id", (e, v) -> e.visitorId = v);
    text(setters, "user_id", (e, v) -> e.userId = v);
    text(setters, "client_session_id", (e, v) -> e.clientSessionId = v);
    time(setters, "occurred_at", (e, v) -> e.occurredAt = v);
    time(setters, "created_at", (e, v) -> e.createdAt = v);
    time(setters, "sent_at", (e, v) -> e.sentAt = v);
    time(setters, "received_at", (e, v) -> e.receivedAt = v);
    flag(setters, "clock_corrected", (e, v) -> e.clockCorrected = v);
    text(setters, "page_url", (e, v) -> e.pageUrl = v);
    text(setters, "page_path", (e, v) -> e.pagePath = v);
    text(setters, "page_title", (e, v) -> e.pageTitle = v);
    text(setters, "referrer", (e, v) -> e.referrer = v);
    text(setters, "referrer_medium", (e, v) -> e.referrerMedium = v);
    text(setters, "referrer_source", (e, v) -> e.referrerSource = v);
    text(setters, "channel", (e, v) -> e.channel = v);
    text(setters, "traffic_source", (e, v) -> e.trafficSource = v);
    text(setters, "traffic_medium", (e, v) -> e.trafficMedium = v);
    text(setters, "traffic_campaign", (e, v) -> e.trafficCampaign = v);
    text(setters, "utm_source", (e, v) -> e.utmSource = v);
    text(setters, "utm_medium", (e, v) -> e.utmMedium = v);
    text(setters, "utm_campaign", (e, v) -> e.utmCampaign = v);
    text(setters, "utm_term", (e, v) -> e.utmTerm = v);
    text(setters, "utm_content", (e, v) -> e.utmContent = v);
    text(setters, "user_agent", (e, v) -> e.userAgent = v);
    flag(setters, "user_agent_cut", (e, v) -> e.userAgentCut = v);
    text(setters, "browser", (e, v) -> e.browser = v);
    text(setters, "browser_version", (e, v) -> e.browserVersion = v);
    text(setters, "os", (e, v) -> e.os = v);
    text(setters, "device_type", (e, v) -> e.deviceType = v);
    flag(setters, "bot", (e, v) -> e.bot = v);
    text(setters, "bot_reason", (e, v) -> e.botReason = v);
    text(setters, "ip_prefix", (e, v) -> e.ipPrefix = v);
    text(setters, "country", (e, v) -> e.country = v);
    text(setters, "region", (e, v) -> e.region = v);
    text(setters, "city", (e, v) -> e.city = v);
    text(setters, "screen_resolution", (e, v) -> e.screenResolution = v);
    text(setters, "viewport", (e, v) -> e.viewport = v);
    text(setters, "entity_type", (e, v) -> e.entityType = v);
    text(setters, "entity_id", (e, v) -> e.entityId = v);
    text(setters, "owner_id", (e, v) -> e.ownerId = v);
    text(setters, "actor_type", (e, v) -> e.actorType = v);
    text(setters, "actor_id", (e, v) -> e.actorId = v);
    text(setters, "source", (e, v) -> e.source = v);
    number(setters, "revenue_cents", (e, v) -> e.revenueCents = v);
    text(setters, "currency", (e, v) -> e.currency = v);
    text(setters, "experiment", (e, v) -> e.experiment = v);
    text(setters, "variant", (e, v) -> e.variant = v);
    text(setters, "consent", (e, v) -> e.consent = v);
    number(setters, "sequence", (e, v) -> e.sequence = v);
    number(setters, "engagement_ms", (e, v) -> e.engagementMs = v);
    text(setters, "properties", (e, v) -> e.properties = v);
    setters.put("kafka_partition", (e, row, at) -> e.kafkaPartition = row.getInt(at));
    number(setters, "kafka_offset", (e, v) -> e.kafkaOffset = v);
    return setters;
  }

  private static void text(Map<String, Setter> to, String name, BiConsumer<Event, String> set) {
    to.put(name, (event, row, at) -> set.accept(event, row.getString(at).toString()));
  }

  private static void flag(Map<String, Setter> to, String name, BiConsumer<Event, Boolean> set) {
    to.put(name, (event, row, at) -> set.accept(event, row.getBoolean(at)));
  }

  private static void number(Map<String, Setter> to, String name, BiConsumer<Event, Long> set) {
    to.put(name, (event, row, at) -> set.accept(event, row.getLong(at)));
  }

  private static void time(Map<String, Setter> to, String name, BiConsumer<Event, Long> set) {
    to.put(name, (event, row, at) -> set.accept(event, row.getTimestamp(at, 6).getMillisecond()));
  }
}
