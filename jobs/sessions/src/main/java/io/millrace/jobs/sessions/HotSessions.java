package io.millrace.jobs.sessions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.HotWrite;
import org.apache.flink.api.common.functions.MapFunction;

/** Live sessions as the hot store keeps them. */
public final class HotSessions implements MapFunction<LiveSession, HotWrite> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HotWrite map(LiveSession live) throws JsonProcessingException {
    Session session = live.session;
    HotWrite write = new HotWrite();
    write.key = HotKeys.session(session.tenant, session.sessionId);
    write.version = live.version;
    write.value = live.withdrawn ? null : json(live);
    write.expiresAt = session.endedAt + MetricRules.HOT_KEPT.toMillis();
    write.index = HotKeys.sessions(session.tenant);
    write.member = session.sessionId;
    write.score = session.endedAt;
    return write;
  }

  private static String json(LiveSession live) throws JsonProcessingException {
    Session session = live.session;
    ObjectNode json = JSON.createObjectNode();
    json.put("session_id", session.sessionId);
    json.put("visitor_id", session.visitorId);
    json.put("started_at", session.startedAt);
    json.put("ended_at", session.endedAt);
    json.put("duration_ms", session.durationMs());
    json.put("closed", live.closed);
    json.put("events", session.events);
    json.put("page_views", session.pageViews);
    json.put("distinct_pages", session.distinctPages);
    json.put("bounce", session.bounce());
    json.put("entry_page", session.entryPage);
    json.put("exit_page", session.exitPage);
    json.put("channel", session.channel);
    json.put("source", session.source);
    json.put("medium", session.medium);
    json.put("campaign", session.campaign);
    json.put("device_type", session.deviceType);
    json.put("browser", session.browser);
    json.put("os", session.os);
    json.put("country", session.country);
    json.put("bot", session.bot);
    json.put("conversions", session.conversions);
    json.put("revenue_cents", session.revenueCents);
    return JSON.writeValueAsString(json);
  }
}
