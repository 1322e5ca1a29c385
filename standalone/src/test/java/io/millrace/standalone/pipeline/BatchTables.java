package io.millrace.standalone.pipeline;

import io.millrace.domain.event.Event;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the tables must hold, computed in one go: no state, no time, no order of arrival. */
final class BatchTables {
  private static final long QUARTER_MS = 15 * 60_000;

  private BatchTables() {}

  static StreamTables of(List<Event> deliveries, SessionRules rules) {
    Map<String, Event> once = new LinkedHashMap<>();
    for (Event event : deliveries) {
      once.putIfAbsent(event.tenant + '|' + event.visitorId + '|' + event.eventId, event);
    }
    StreamTables tables = new StreamTables();
    once.values().forEach(event -> tables.events.add(StreamTables.id(event)));
    tables.duplicates = deliveries.size() - once.size();

    Map<String, List<Event>> byVisitor = new HashMap<>();
    for (Event event : once.values()) {
      byVisitor
          .computeIfAbsent(event.tenant + '|' + event.visitorId, visitor -> new ArrayList<>())
          .add(event);
    }
    List<Session> sessions = new ArrayList<>();
    byVisitor.values().forEach(events -> sessions.addAll(rules.sessionize(events)));
    sessions.forEach(session -> tables.sessions.put(session.sessionId, StreamTables.line(session)));
    tables.windows.putAll(windows(once.values(), sessions));
    return tables;
  }

  private static final class Sums {
    long events;
    long pageViews;
    long clicks;
    long conversions;
    long engagementMs;
    long revenueCents;
    long sessions;
    long bounces;
    long sessionMs;
    final Set<String> visitors = new HashSet<>();
  }

  private static Map<String, String> windows(Iterable<Event> events, Iterable<Session> sessions) {
    Map<String, Sums> sums = new HashMap<>();
    for (Event event : events) {
      for (Grouping grouping : Grouping.values()) {
        String value = grouping.valueOf(event);
        if (value != null) {
          Sums of =
              sums.computeIfAbsent(
                  key(event.tenant, grouping, value, event.bot, event.occurredAt),
                  key -> new Sums());
          of.events++;
          of.pageViews += event.eventType.equals("page_view") ? 1 : 0;
          of.clicks += event.eventType.equals("link_click") ? 1 : 0;
          of.conversions += event.eventType.equals("purchase") ? 1 : 0;
          of.engagementMs += event.engagementMs;
          of.revenueCents += event.revenueCents == null ? 0 : event.revenueCents;
          of.visitors.add(event.visitorId);
        }
      }
    }
    for (Session session : sessions) {
      for (Grouping grouping : Grouping.values()) {
        String value = grouping.valueOf(session);
        if (value != null) {
          Sums of =
              sums.computeIfAbsent(
                  key(session.tenant, grouping, value, session.bot, session.startedAt),
                  key -> new Sums());
          of.sessions++;
          of.bounces += session.pageViews == 1 ? 1 : 0;
          of.sessionMs += session.endedAt - session.startedAt;
        }
      }
    }
    Map<String, String> lines = new HashMap<>();
    sums.forEach(
        (key, of) ->
            lines.put(
                key,
                StreamTables.line(
                    of.events,
                    of.pageViews,
                    of.clicks,
                    of.conversions,
                    of.engagementMs,
                    of.revenueCents,
                    of.sessions,
                    of.bounces,
                    of.sessionMs,
                    of.visitors.size())));
    return lines;
  }

  private static String key(String tenant, Grouping grouping, String value, boolean bot, long at) {
    return StreamTables.key(tenant, grouping.label(), value, bot, at - at % QUARTER_MS);
  }
}
