package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counts the demo's bytes by brute force and compares with what was planted. */
class DemoTrafficTest {
  private static final Instant NOW = Instant.parse("2026-03-11T10:00:00Z");
  private static final JsonMapper JSON = new JsonMapper();
  private static final DemoTraffic TRAFFIC = new DemoTraffic(42, DemoTraffic.DEFAULT_EVENTS, NOW);
  private static final List<Planned> SENT = sent(TRAFFIC);

  private static List<Seen> valid;

  @BeforeAll
  static void readBack() throws IOException {
    valid = validEvents();
  }

  /** What the test reads back from the bytes. */
  private record Seen(
      String tenant, String id, String type, long time, String visitor, JsonNode json) {
    Seen(Planned planned, JsonNode json) {
      this(
          planned.tenant(),
          json.path("eventId").asText(),
          json.path("eventType").asText(),
          json.path("timestamp").asLong(),
          json.path("visitorId").asText(),
          json);
    }

    String refusal() {
      if (!json.has("visitorId")) {
        return "missing_field";
      }
      if (!type.matches("[a-z][a-z0-9_.]*")) {
        return "invalid_event_type";
      }
      if (time <= 0) {
        return "invalid_timestamp";
      }
      if (!json.get("pageUrl").asText().startsWith("https://")) {
        return "invalid_url";
      }
      return json.has("entityType") == json.has("entityId") ? null : "entity_incomplete";
    }

    boolean bot() {
      return json.get("userAgent").asText().contains("compatible;");
    }
  }

  @Test
  void givesTheSameBytesForTheSameSeed() {
    List<String> first = texts(sent(new DemoTraffic(7, 3_000, NOW)));

    assertThat(texts(sent(new DemoTraffic(7, 3_000, NOW)))).isEqualTo(first);
    assertThat(texts(sent(new DemoTraffic(8, 3_000, NOW)))).isNotEqualTo(first);
  }

  @Test
  void hasAboutAsManyEventsAsAskedFor() {
    assertThat(TRAFFIC.planted().stream().mapToLong(p -> p.all().events()).sum())
        .isCloseTo(60_000L, withinPercentage(2));
    assertThat(TRAFFIC.planted().stream().mapToLong(Planted::sent).sum())
        .isEqualTo(TRAFFIC.size())
        .isEqualTo(SENT.size());
  }

  @Test
  void plantsWhatABruteForceCountFinds() throws Exception {
    for (Planted planted : TRAFFIC.planted()) {
      List<Seen> ofTenant = new ArrayList<>();
      Map<String, String> bytesOf = new HashMap<>();
      TreeMap<String, Long> refused = new TreeMap<>();
      long duplicates = 0;
      for (Planned sent : SENT) {
        if (!sent.tenant().equals(planted.tenant())) {
          continue;
        }
        Seen seen = new Seen(sent, JSON.readTree(sent.event().json()));
        String text = text(sent);
        if (seen.refusal() != null) {
          refused.merge(seen.refusal(), 1L, Long::sum);
        } else if (bytesOf.containsKey(seen.id())) {
          assertThat(text).isEqualTo(bytesOf.get(seen.id()));
          duplicates++;
        } else {
          bytesOf.put(seen.id(), text);
          ofTenant.add(seen);
        }
      }

      assertThat(refused).isEqualTo(planted.refused()).hasSizeGreaterThan(3);
      assertThat(duplicates).isEqualTo(planted.duplicatesSent()).isPositive();
      Predicate<Seen> live = e -> e.visitor().startsWith("live-");
      assertThat(count(ofTenant)).isEqualTo(planted.all());
      assertThat(count(ofTenant.stream().filter(live).toList())).isEqualTo(planted.live());
      assertThat(count(ofTenant.stream().filter(live.negate()).toList()))
          .isEqualTo(planted.closed());
      assertThat(planted.all().botSessions()).isPositive();
      assertThat(planted.all().sessionsByChannel()).hasSize(7);
    }
    assertThat(TRAFFIC.planted().get(0).all().conversions()).isGreaterThan(50);
    assertThat(TRAFFIC.planted().get(0).all().revenueCents()).isPositive();
  }

  @Test
  void hasPausesOfExactlyTheGapAndOfOneMillisecondMore() {
    Map<String, List<Seen>> visitors = byVisitor(valid);
    long exactly = 0;
    long justOver = 0;
    for (List<Seen> events : visitors.values()) {
      for (int i = 1; i < events.size(); i++) {
        long pause = events.get(i).time() - events.get(i - 1).time();
        assertThat(pause).isPositive();
        exactly += pause == 1_800_000 ? 1 : 0;
        justOver += pause == 1_800_001 ? 1 : 0;
      }
    }

    assertThat(exactly).isPositive();
    assertThat(justOver).isPositive();
  }

  @Test
  void sendsHistoryFirstAndTheRestWhenItHappens() {
    long now = NOW.toEpochMilli();
    boolean historyOver = false;
    long before = Long.MIN_VALUE;
    long late = 0;
    for (Planned planned : SENT) {
      assertThat(planned.dueAt()).isGreaterThanOrEqualTo(before);
      before = planned.dueAt();
      historyOver |= !planned.historical();
      assertThat(planned.historical()).isEqualTo(!historyOver);
      long time = Math.abs(planned.event().timestamp());
      if (planned.historical()) {
        assertThat(time).isBetween(now - DemoTraffic.HISTORY.toMillis(), now - 3_600_000);
      } else {
        assertThat(planned.dueAt()).isBetween(Math.max(now, time), now + 125_000);
        late += time < now ? 1 : 0;
      }
    }
    assertThat(late)
        .isGreaterThanOrEqualTo(TRAFFIC.planted().stream().mapToLong(Planted::lateEvents).sum());
    assertThat(TRAFFIC.planted()).allMatch(planted -> planted.lateEvents() > 0);
  }

  @Test
  void followsTheDayAndTheWeek() {
    Map<Integer, Long> hours = new HashMap<>();
    Map<DayOfWeek, Long> days = new HashMap<>();
    for (Seen event : valid) {
      ZonedDateTime at = Instant.ofEpochMilli(event.time()).atZone(ZoneOffset.UTC);
      if (!event.bot() && !event.visitor().startsWith("live-")) {
        hours.merge(at.getHour(), 1L, Long::sum);
        days.merge(at.getDayOfWeek(), 1L, Long::sum);
      }
    }

    assertThat(hours.get(14)).isGreaterThan(3 * hours.get(2));
    assertThat(days.get(DayOfWeek.SUNDAY)).isLessThan(days.get(DayOfWeek.MONDAY) * 3 / 4);
  }

  @Test
  void refusesSizesThatMakeNoTraffic() {
    assertThatThrownBy(() -> new DemoTraffic(1, 99, NOW))
        .hasMessage(
            "Cannot make demo traffic of 99 events with a live part of 120 s; give at least 100"
                + " events and 10 s");
  }

  @Test
  void playsAllOfItWithTheRightKeysAndTimes() throws Exception {
    TestClock clock = new TestClock();
    DemoTraffic traffic = new DemoTraffic(3, 2_000, clock.instant());
    List<Duration> pauses = new ArrayList<>();
    SendReport report;
    List<FakeGateway.Batch> batches;
    try (FakeGateway gateway = new FakeGateway();
        LaneSender sender =
            new LaneSender(new CollectClient(gateway.url(), CollectClient.Options.DEFAULT), 2)) {
      DemoPlayer player =
          new DemoPlayer(
              keys(),
              clock,
              pause -> {
                pauses.add(pause);
                clock.advance(pause);
              });
      report = player.play(traffic, sender, Progress.none());
      batches = gateway.batches();
    }

    assertThat(report.accepted()).isEqualTo(traffic.size());
    Duration played = pauses.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(played).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(125));
    Set<String> keys = new HashSet<>();
    for (FakeGateway.Batch batch : batches) {
      keys.add(batch.authorization());
      assertThat(batch.body().has("metadata")).isEqualTo(batch.authorization().endsWith("-live"));
    }
    assertThat(keys).hasSize(2 * DemoTraffic.tenants().size());
  }

  private static Planted.Answers count(List<Seen> events) {
    long sessions = 0;
    long bounces = 0;
    long botVisitors = 0;
    long botSessions = 0;
    TreeMap<String, Long> channels = new TreeMap<>();
    Map<String, List<Seen>> visitors = byVisitor(events);
    for (List<Seen> ofVisitor : visitors.values()) {
      botVisitors += ofVisitor.get(0).bot() ? 1 : 0;
      int from = 0;
      for (int i = 1; i <= ofVisitor.size(); i++) {
        boolean ends =
            i == ofVisitor.size()
                || ofVisitor.get(i).time() - ofVisitor.get(i - 1).time() > 1_800_000;
        if (ends) {
          List<Seen> session = ofVisitor.subList(from, i);
          sessions++;
          bounces += ofType(session, "page_view") == 1 ? 1 : 0;
          botSessions += session.get(0).bot() ? 1 : 0;
          channels.merge(channel(session.get(0).json()), 1L, Long::sum);
          from = i;
        }
      }
    }
    Map<String, Long> pages = new HashMap<>();
    for (Seen event : events) {
      if (event.type().equals("page_view")) {
        pages.merge(URI.create(event.json().get("pageUrl").asText()).getPath(), 1L, Long::sum);
      }
    }
    List<Map.Entry<String, Long>> top =
        pages.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(2)
            .toList();
    assertThat(top.get(0).getValue()).isGreaterThan(top.get(1).getValue());
    return new Planted.Answers(
        events.size(),
        visitors.size(),
        sessions,
        ofType(events, "page_view"),
        bounces,
        ofType(events, "purchase"),
        events.stream().mapToLong(e -> e.json().path("revenueCents").asLong()).sum(),
        channels,
        top.get(0).getKey(),
        top.get(0).getValue(),
        botVisitors,
        botSessions,
        events.stream().filter(Seen::bot).count(),
        events.stream().filter(event -> event.json().has("entityId")).count());
  }

  private static String channel(JsonNode first) {
    String referrer = first.get("referrer").asText();
    if (first.get("pageUrl").asText().contains("utm_")) {
      return "campaign";
    }
    String host = referrer.isEmpty() ? "" : URI.create(referrer).getHost();
    return switch (host) {
      case "" -> "direct";
      case "www.google.com", "www.bing.com", "duckduckgo.com" -> "search";
      case "www.facebook.com", "www.reddit.com", "t.co" -> "social";
      case "mail.google.com", "outlook.live.com" -> "email";
      case "chatgpt.com", "www.perplexity.ai" -> "ai";
      default -> "referral";
    };
  }

  private static long ofType(List<Seen> events, String type) {
    return events.stream().filter(e -> e.type().equals(type)).count();
  }

  private static Map<String, List<Seen>> byVisitor(List<Seen> events) {
    Map<String, List<Seen>> visitors = new HashMap<>();
    for (Seen event : events) {
      visitors.computeIfAbsent(event.tenant() + event.visitor(), v -> new ArrayList<>()).add(event);
    }
    visitors.values().forEach(list -> list.sort(Comparator.comparingLong(Seen::time)));
    return visitors;
  }

  private static List<Seen> validEvents() throws IOException {
    List<Seen> found = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Planned planned : SENT) {
      Seen seen = new Seen(planned, JSON.readTree(planned.event().json()));
      if (seen.refusal() == null && ids.add(seen.id())) {
        found.add(seen);
      }
    }
    return found;
  }

  private static List<Planned> sent(DemoTraffic traffic) {
    List<Planned> all = new ArrayList<>();
    traffic.iterator().forEachRemaining(all::add);
    return all;
  }

  private static List<String> texts(List<Planned> sent) {
    return sent.stream().map(p -> p.tenant() + p.historical() + p.dueAt() + text(p)).toList();
  }

  private static String text(Planned planned) {
    return new String(planned.event().json(), StandardCharsets.UTF_8);
  }

  private static KeySource keys() {
    return new KeySource() {
      @Override
      public String liveKey(String tenant) {
        return tenant + "-live";
      }

      @Override
      public String historicalKey(String tenant) {
        return tenant + "-historical";
      }
    };
  }
}
