package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.standalone.pipeline.LakeReader;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;

/** Compares what is in the lake with the answers of an independent program. */
final class RealAnswers {
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(12);

  private final LakeReader lake;
  private final Set<String> withGoals;

  /**
   * @param withGoals tenants who have defined the goals and funnels of their sets
   */
  RealAnswers(LakeReader lake, Set<String> withGoals) {
    this.lake = lake;
    this.withGoals = withGoals;
  }

  /** Waits until all events of these tenants are in every table, and compares. */
  void assertTrue(List<String> tenants) throws Exception {
    Map<String, Long> events = new HashMap<>();
    for (String tenant : tenants) {
      events.put(tenant, summary(set(tenant)).get("events").asLong());
    }
    awaitSettled(events);

    Map<String, List<Record>> stored =
        lake.byTenant("events", "event_id", "visitor_id", "occurred_at");
    Map<String, List<Record>> sessions = lake.byTenant("sessions");
    Map<String, List<Record>> metrics = allMetrics();
    for (String tenant : events.keySet()) {
      String set = set(tenant);
      JsonNode summary = summary(set);
      if (set.equals("wiki-2015")) {
        assertWiki(summary, stored.get(tenant), sessions.get(tenant));
      } else {
        assertSummary(summary, stored.get(tenant), sessions.get(tenant));
        assertSessions(new Expected(set), sessions.get(tenant));
        assertSums(new Expected(set), metrics.get(tenant));
      }
    }
    assertGoals(tenants.stream().filter(withGoals::contains).toList());
  }

  /** Conversions are written a moment later than the sessions that they follow from. */
  private void assertGoals(List<String> tenants) {
    await()
        .atMost(SETTLES_WITHIN)
        .pollInterval(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              GoalAnswers goals = GoalAnswers.read(lake);
              for (String tenant : tenants) {
                goals.assertExpected(set(tenant), tenant);
              }
            });
  }

  /** A tenant has sent the set that its name starts with. */
  private static String set(String tenant) {
    return tenant.substring(0, tenant.lastIndexOf('-'));
  }

  private static JsonNode summary(String set) throws Exception {
    JsonNode summary = new Expected(set).summary();
    return set.equals("wiki-2015") ? summary : summary.get("all");
  }

  /** Every event is stored, in a closed session, and in the metrics. */
  private void awaitSettled(Map<String, Long> events) {
    await()
        .atMost(SETTLES_WITHIN)
        // Each look reads whole tables, on the cores that the platform needs to get there.
        .pollInterval(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(sums(lake.byTenant("sessions", "events"), "events"))
                  .containsAllEntriesOf(events);
              Map<String, List<Record>> metrics = allMetrics();
              assertThat(sums(metrics, "events")).containsAllEntriesOf(events);
              assertThat(sums(metrics, "sessions"))
                  .isEqualTo(sizes(lake.byTenant("sessions", "session_id")));
            });
  }

  private static Map<String, Long> sums(Map<String, List<Record>> rows, String column) {
    Map<String, Long> sums = new HashMap<>();
    rows.forEach((tenant, records) -> sums.put(tenant, sum(records, column)));
    return sums;
  }

  private static Map<String, Long> sizes(Map<String, List<Record>> rows) {
    Map<String, Long> sizes = new HashMap<>();
    rows.forEach((tenant, records) -> sizes.put(tenant, (long) records.size()));
    return sizes;
  }

  private static void assertSummary(JsonNode all, List<Record> events, List<Record> sessions) {
    assertThat(events).hasSize(all.get("events").asInt());
    assertThat(distinct(events, "event_id")).hasSize(all.get("events").asInt());
    assertThat(distinct(events, "visitor_id")).hasSize(all.get("visitors").asInt());
    assertThat(sessions).hasSize(all.get("sessions").asInt());
    assertThat(sum(sessions, "page_views")).isEqualTo(all.get("pageviews").asLong());
    assertThat(sessions.stream().filter(s -> (Boolean) s.getField("bounce")).count())
        .isEqualTo(all.get("bounces").asLong());
  }

  private static void assertWiki(JsonNode summary, List<Record> events, List<Record> sessions) {
    assertThat(events).hasSize(summary.get("events").asInt());
    assertThat(distinct(events, "visitor_id")).hasSize(summary.get("users").asInt());
    assertThat(sessions).hasSize(summary.get("sessions_30min").asInt());
    Map<String, Long> hours = new HashMap<>();
    events.forEach(
        event -> hours.merge(hour(time(event, "occurred_at")).substring(11), 1L, Long::sum));
    for (JsonNode hour : summary.get("hourly_events")) {
      assertThat(hours.get(hour.get(0).asText())).isEqualTo(hour.get(1).asLong());
    }
  }

  private static void assertSessions(Expected expected, List<Record> found) throws Exception {
    Expected.Ties ties = new Expected.Ties();
    Map<String, List<JsonNode>> events = expected.byVisitor(ties);
    Map<String, Record> byStart = new HashMap<>();
    found.forEach(s -> byStart.put(s.getField("visitor_id") + "@" + time(s, "started_at"), s));
    assertThat(byStart).hasSize(found.size());

    List<CSVRecord> rows = expected.csv("sessions.csv.gz");
    Set<String> differingHosts = new HashSet<>();
    int differingChannels = 0;
    for (CSVRecord row : rows) {
      String visitor = row.get("visitorId");
      long start = Long.parseLong(row.get("start"));
      Record session = byStart.get(visitor + '@' + start);
      assertThat(session).as("session of %s at %d", visitor, start).isNotNull();
      assertThat(exact(session)).as("session of %s at %d", visitor, start).isEqualTo(exact(row));
      long end = Long.parseLong(row.get("end"));
      assertPage(
          row.get("entry"),
          session,
          "entry_page",
          firstPageView(events.get(visitor), start, end),
          ties);
      assertPage(
          row.get("exit"),
          session,
          "exit_page",
          lastPageView(events.get(visitor), start, end),
          ties);
      if (!row.get("channel").equals(session.getField("channel"))
          && !ties.ofEvents(visitor, start)) {
        differingChannels++;
        differingHosts.add(Expected.host(String.valueOf(session.getField("referrer"))));
      }
    }
    assertThat(found).hasSize(rows.size());
    // The lists of hosts are not the same; who differs is said, so that a person can judge.
    System.out.println(
        "Channels differ in "
            + differingChannels
            + " of "
            + rows.size()
            + " sessions: "
            + differingHosts);
    assertThat(differingChannels).isLessThanOrEqualTo(rows.size() / 100);
  }

  private static List<Object> exact(Record session) {
    return List.of(
        time(session, "ended_at"),
        session.getField("duration_ms"),
        session.getField("events"),
        session.getField("page_views"),
        session.getField("distinct_pages"),
        session.getField("bounce"));
  }

  private static List<Object> exact(CSVRecord row) {
    return List.of(
        Long.parseLong(row.get("end")),
        Math.round(Double.parseDouble(row.get("duration_s")) * 1_000),
        Long.parseLong(row.get("events")),
        Long.parseLong(row.get("pageviews")),
        Long.parseLong(row.get("distinct_pages")),
        row.get("bounce").equals("1"));
  }

  private static void assertPage(
      String expected, Record session, String column, long decidedAt, Expected.Ties ties) {
    Object found = session.getField(column);
    boolean same = expected.equals(found == null ? "" : found);
    assertThat(same || ties.ofPageViews(session.getField("visitor_id").toString(), decidedAt))
        .as("%s of %s: expected %s", column, session, expected)
        .isTrue();
  }

  private static long firstPageView(List<JsonNode> events, long start, long end) {
    return pageViews(events, start, end).min().orElse(start);
  }

  private static long lastPageView(List<JsonNode> events, long start, long end) {
    return pageViews(events, start, end).max().orElse(end);
  }

  private static java.util.stream.LongStream pageViews(
      List<JsonNode> events, long start, long end) {
    return events.stream()
        .filter(event -> event.get("eventType").asText().equals("page_view"))
        .mapToLong(event -> event.get("timestamp").asLong())
        .filter(at -> at >= start && at <= end);
  }

  /**
   * Days and hours are sums of quarters of an hour; visitors within three standard errors of the
   * sketch.
   */
  private static void assertSums(Expected expected, List<Record> metrics) throws Exception {
    Map<String, List<Record>> days = new HashMap<>();
    Map<String, List<Record>> hours = new HashMap<>();
    for (Record window : metrics) {
      String hour = hour(time(window, "window_start"));
      hours.computeIfAbsent(hour, h -> new ArrayList<>()).add(window);
      days.computeIfAbsent(hour.substring(0, 10), d -> new ArrayList<>()).add(window);
    }
    for (CSVRecord row : expected.csv("daily.csv")) {
      List<Record> day = days.get(row.get("day"));
      assertWindows(day, row);
      assertThat(sum(day, "bounces"))
          .as("bounces of %s", row)
          .isEqualTo(Long.parseLong(row.get("bounces")));
    }
    for (CSVRecord row : expected.csv("hourly.csv")) {
      assertWindows(hours.get(row.get("hour")), row);
    }
  }

  private static void assertWindows(List<Record> windows, CSVRecord row) {
    assertThat(
            List.of(sum(windows, "events"), sum(windows, "page_views"), sum(windows, "sessions")))
        .as("events, page views, sessions of %s", row)
        .isEqualTo(
            List.of(
                Long.parseLong(row.get("events")),
                Long.parseLong(row.get("pageviews")),
                Long.parseLong(row.get("sessions"))));
    assertVisitors(windows, row);
  }

  private static void assertVisitors(List<Record> windows, CSVRecord row) {
    byte[] sketch = null;
    for (Record window : windows) {
      java.nio.ByteBuffer buffer = (java.nio.ByteBuffer) window.getField("visitors_sketch");
      if (buffer != null) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        sketch = sketch == null ? bytes : VisitorSketch.union(sketch, bytes);
      }
    }
    long visitors = Long.parseLong(row.get("visitors"));
    assertThat((double) VisitorSketch.estimate(sketch))
        .as("visitors of %s", row)
        .isCloseTo(visitors, org.assertj.core.api.Assertions.within(visitors * 0.0243 + 0.5));
  }

  private Map<String, List<Record>> allMetrics() throws Exception {
    return lake.byTenant(
        "metrics_15m",
        Expressions.equal("grouping", "all"),
        "window_start",
        "events",
        "page_views",
        "sessions",
        "bounces",
        "visitors_sketch");
  }

  private static long sum(List<Record> rows, String column) {
    return rows.stream().mapToLong(row -> (Long) row.getField(column)).sum();
  }

  private static Set<Object> distinct(List<Record> rows, String column) {
    Set<Object> values = new HashSet<>();
    rows.forEach(row -> values.add(row.getField(column)));
    return values;
  }

  private static long time(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant().toEpochMilli();
  }

  /** For example 2016-02-20T05. */
  private static String hour(long at) {
    return Instant.ofEpochMilli(at).atOffset(ZoneOffset.UTC).toString().substring(0, 13);
  }
}
