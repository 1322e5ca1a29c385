package io.millrace.standalone.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.hot.HotWindow;
import io.millrace.domain.metric.MetricRules;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.command.TestCommands;
import io.millrace.standalone.pipeline.LakeEditor;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.real.HotStore;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversions of some visits of this morning: live, in the lake, and recomputed, beside a running
 * platform.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConversionsBackfillITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  private static final String TENANT = "shop";
  private static final String OTHER = "other";
  private static final int VISITS = 30;
  private static final int BOUGHT = 10;
  private static final String YAML =
      """
      goals:
        buy: {when: {event: purchase}, value: revenue}
      funnels:
        checkout:
          per: session
          within: 1 h
          steps:
            - {name: Look, when: {page: /p1}}
            - {name: Order, when: {event: purchase}}
      """;
  private static final String WITH_ONE_MORE_GOAL =
      YAML.replace("funnels:", "  read: {when: {page: /p2}}\nfunnels:");

  private static final List<String> CONVERSIONS =
      List.of("--job", "conversions", "--from", "now-1d", "--to", "now");

  /** What was sent arrived a moment ago, and nothing more is to come. */
  private static final List<String> SETTLED = List.of("--arrived-before", "now");

  @TempDir static Path folder;
  private static Path data;
  private static ChildPlatform platform;
  private static RunningPlatform running;
  private static LakeReader reader;
  private static LakeEditor editor;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    data = folder.resolve("data");
    Files.createDirectories(definitions().getParent());
    Files.writeString(definitions(), YAML);
    platform = new ChildPlatform(data, List.of("--checkpoint-interval", "2s", "--tenant", TENANT));
    running = platform.start();
    reader = new LakeReader(running.lake().catalog());
    editor = new LakeEditor(running.lake().catalog());
  }

  @AfterAll
  static void stop() throws Exception {
    if (platform != null) {
      platform.close();
    }
  }

  private static Path definitions() {
    return data.resolve("config/definitions").resolve(TENANT + ".yaml");
  }

  @Test
  @Order(1)
  void theHotStoreSaysWhatTheLakeSays() throws Exception {
    long sentAt = System.currentTimeMillis();
    Path events = Files.write(folder.resolve("events.ndjson"), events());
    assertThat(run("replay", List.of(events.toString(), "--tenant", TENANT)))
        .as(this::said)
        .isZero();

    try (HotStore hot = new HotStore(running.redis(), TENANT)) {
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> {
                assertThat(hot.sum("events", "sessions")).containsExactly(5L * VISITS, 0L + VISITS);
                assertThat(rows("conversions")).hasSize(BOUGHT);
                assertThat(rows("funnel_steps")).hasSize(VISITS + BOUGHT);
                assertThat(counts(hot, "goals", "conversions")).isEqualTo(BOUGHT);
                assertThat(counts(hot, "funnels", "reached")).isEqualTo(VISITS + BOUGHT);
                assertThat(rows("sessions")).hasSize(VISITS);
              });
      assertThat(counts(hot, "goals", "revenue_cents")).isEqualTo(100L * BOUGHT);
      assertThat(hot.redis().zcard(HotKeys.conversions(TENANT))).isEqualTo(BOUGHT);
      assertThat(hot.redis().keys("millrace:shop:conversion:*")).hasSize(BOUGHT);
      assertThat(topPages(hot)).containsExactlyInAnyOrder("/p1", "/p2", "/p3", "/p4");
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(completeUpTo(hot)).isGreaterThan(sentAt));
      assertThat(completeUpTo(hot)).isLessThan(System.currentTimeMillis());
    }
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(run("audit")).as(this::said).isZero());
    assertThat(out.toString())
        .contains("ok     hot_metrics: ", "ok     hot_goals: ", "hot_funnels");
  }

  @Test
  @Order(2)
  void anEmptiedHotStoreGetsItsConversionsBack() throws Exception {
    try (HotStore hot = new HotStore(running.redis(), TENANT)) {
      Map<String, String> before = hot.dump();
      hot.redis().flushall();

      assertThat(run("rebuild-hot")).as(this::said).isZero();

      assertThat(out.toString()).contains(" of conversions; 0 anomalies of eight days.");
      assertThat(hot.dump()).isEqualTo(before);
    }
  }

  @Test
  @Order(2)
  void anEmptiedHotStoreGetsItsAnomaliesBack() throws Exception {
    OffsetDateTime start = OffsetDateTime.now(ZoneOffset.UTC).minusDays(7);
    Record anomaly = editor.row("anomalies");
    anomaly.setField("tenant", OTHER);
    anomaly.setField("series", "events|all|all|1h");
    anomaly.setField("window_start", start);
    anomaly.setField("window_end", start.plusHours(1));
    anomaly.setField("actual", new BigDecimal("3.0000"));
    anomaly.setField("expected", new BigDecimal("40.1250"));
    anomaly.setField("state", "anomalous");
    anomaly.setField("history", 400L);
    anomaly.setField("revision", 2);
    editor.change("anomalies", List.of(), List.of(anomaly));

    assertThat(run("rebuild-hot", List.of("--tenant", OTHER))).as(this::said).isZero();

    assertThat(out.toString()).contains("1 anomalies of eight days.");
    try (HotStore hot = new HotStore(running.redis(), OTHER)) {
      String member = "events|all|all|1h|" + start.toInstant().toEpochMilli();
      String stored = hot.redis().get(HotKeys.anomaly(OTHER, member));
      assertThat(stored).startsWith("2 {");
      assertThat(JSON.readTree(HotKeys.json(stored)).get("expected").doubleValue())
          .isEqualTo(40.125);
      assertThat(JSON.readTree(HotKeys.json(stored)).get("score").isNull()).isTrue();
      assertThat(hot.redis().zrange(HotKeys.anomalies(OTHER), 0, -1)).containsExactly(member);
    }
  }

  @Test
  @Order(3)
  void theAuditNamesWhatTheHotStoreSaysOtherwise() throws Exception {
    try (HotStore hot = new HotStore(running.redis(), TENANT)) {
      String goals = hot.redis().keys("millrace:shop:goals:15m:*").get(0);
      String goal = hot.redis().hkeys(goals).get(0);
      String rightGoal = hot.redis().hget(goals, goal);
      String metrics = hot.redis().keys("millrace:shop:metrics:15m:*:all").get(0);
      String rightAll = hot.redis().hget(metrics, "human:all");
      String steps = hot.redis().keys("millrace:shop:funnels:15m:*").get(0);
      Map<String, String> rightSteps = hot.redis().hgetall(steps);
      hot.redis().hset(goals, goal, rightGoal.replace("\"conversions\":1", "\"conversions\":7"));
      hot.redis()
          .hset(metrics, "human:all", rightAll.replaceFirst("\"events\":\\d+", "\"events\":999"));
      hot.redis().del(steps);

      assertThat(run("audit", List.of("--tenant", TENANT))).as(this::said).isEqualTo(1);

      assertThat(out.toString())
          .containsPattern("WRONG +hot_metrics: ")
          .containsPattern("WRONG +hot_goals: ")
          .containsPattern("WRONG +hot_funnels: ")
          .contains("key " + goals + ' ' + goal)
          .contains("hot conversions 7, revenue_cents 100, lake conversions 1, revenue_cents 100")
          .contains("key " + metrics + " human:all, hot events 999, ")
          .contains("hot nothing, lake reached ");
      hot.redis().hset(goals, goal, rightGoal);
      hot.redis().hset(metrics, "human:all", rightAll);
      hot.redis().hset(steps, rightSteps);
    }
  }

  @Test
  @Order(4)
  void whatTheStreamHasWrittenIsWhatABackfillComputes() throws Exception {
    assertThat(run("backfill", CONVERSIONS, SETTLED)).as(this::said).isZero();

    assertThat(out.toString())
        .contains(
            "goals and funnels of shop as they are defined now, version "
                + Definitions.parse("shop.yaml", YAML).version(),
            "ok      lake.conversions: 0 missing, 0 extra, 0 changed",
            "ok      lake.attribution: 0 missing, 0 extra, 0 changed",
            "ok      lake.funnel_steps: 0 missing, 0 extra, 0 changed")
        .doesNotContain("lake.sessions");
  }

  @Test
  @Order(5)
  void findsWhatSomebodyHasChangedAndMendsItInTheLakeAndTheHotStore() throws Exception {
    List<Record> conversions = rows("conversions");
    Record removed = conversions.get(0);
    Record falsified = conversions.get(1);
    Record invented = conversions.get(2).copy(Map.of("conversion_id", "f".repeat(32)));
    editor.change(
        "conversions",
        List.of(removed, falsified),
        List.of(falsified.copy(Map.of("revenue_cents", 9_999L)), invented));
    editor.change("attribution", List.of(rows("attribution").get(0)), List.of());
    editor.change("funnel_steps", List.of(rows("funnel_steps").get(0)), List.of());
    try (HotStore hot = new HotStore(running.redis(), TENANT)) {
      Map<String, String> before = hot.dump();
      hot.redis().flushall();
      assertThat(run("rebuild-hot")).as(this::said).isZero();
      assertThat(hot.dump()).containsKey(HotKeys.conversion(TENANT, "f".repeat(32)));

      assertThat(run("backfill", CONVERSIONS)).as(this::said).isZero();
      assertThat(out.toString()).contains("left to the running platform");
      assertThat(run("backfill", CONVERSIONS, SETTLED)).as(this::said).isEqualTo(1);
      assertThat(out.toString())
          .contains(
              "DIFFERS lake.conversions: 1 missing, 1 extra, 1 changed",
              "revenue_cents is 9999, should be 100",
              "DIFFERS lake.attribution: 1 missing, 0 extra, 0 changed",
              "DIFFERS lake.funnel_steps: 1 missing, 0 extra, 0 changed");
      assertThat(run("backfill", CONVERSIONS, SETTLED, List.of("--apply"))).as(this::said).isZero();

      assertThat(ids("conversions", "conversion_id")).isEqualTo(ids(conversions));
      assertThat(withoutZeros(hot.dump())).containsExactlyInAnyOrderEntriesOf(before);
    }
    assertThat(run("backfill", CONVERSIONS, SETTLED)).as(this::said).isZero();
  }

  @Test
  @Order(6)
  void aGoalThatIsDefinedLaterGetsTheConversionsOfThePast() throws Exception {
    Files.writeString(definitions(), WITH_ONE_MORE_GOAL);

    assertThat(run("backfill", CONVERSIONS, SETTLED, List.of("--apply"))).as(this::said).isZero();

    assertThat(out.toString())
        .contains(
            "version " + Definitions.parse("shop.yaml", WITH_ONE_MORE_GOAL).version(),
            "lake.conversions: " + VISITS + " missing, 0 extra, 0 changed",
            "lake.funnel_steps: 0 missing, 0 extra, 0 changed");
    assertThat(rows("conversions")).hasSize(BOUGHT + VISITS);
    try (HotStore hot = new HotStore(running.redis(), TENANT)) {
      assertThat(counts(hot, "goals", "conversions")).isEqualTo(BOUGHT + VISITS);
    }
  }

  @Test
  @Order(7)
  void whoDefinesNothingHasNothingToRecompute() {
    assertThat(run("backfill", CONVERSIONS, List.of("--tenant", OTHER))).isEqualTo(6);

    assertThat(err.toString())
        .contains(
            "millrace: Cannot recompute conversions of other: no goals or funnels are defined; give"
                + " them in "
                + definitions().resolveSibling("<tenant>.yaml"));
  }

  /** Visits of four pages, a third of which end with a purchase and the others with a click. */
  private static List<String> events() {
    long start = Instant.now().minus(Duration.ofHours(9)).toEpochMilli();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 5 * VISITS; i++) {
      int visit = i / 5;
      int step = i % 5;
      long at = start + visit * 240_000L + step * 61_000L;
      String type =
          step < 4 ? "page_view" : visit % (VISITS / BOUGHT) == 0 ? "purchase" : "link_click";
      lines.add(
          "{\"eventId\":\"r%d\",\"eventType\":\"%s\",\"timestamp\":%d,".formatted(i, type, at)
              + "\"visitorId\":\"w%d\",\"pageUrl\":\"https://a.example/p%d\",\"userAgent\":\"%s\""
                  .formatted(visit, Math.min(step + 1, 4), FIREFOX)
              + (type.equals("purchase") ? ",\"revenueCents\":100,\"currency\":\"EUR\"}" : "}"));
    }
    return lines;
  }

  private static List<Record> rows(String table) throws Exception {
    return reader.byTenant(table).getOrDefault(TENANT, List.of()).stream()
        .sorted(Comparator.comparing(Record::toString))
        .toList();
  }

  private static List<Object> ids(String table, String column) throws Exception {
    return rows(table).stream().map(row -> row.getField(column)).sorted().toList();
  }

  private static List<Object> ids(List<Record> conversions) {
    return conversions.stream().map(row -> row.getField("conversion_id")).sorted().toList();
  }

  /** The sum of a number over all fields of all hashes of a kind. */
  private static long counts(HotStore hot, String kind, String number) throws Exception {
    long sum = 0;
    for (String key : hot.redis().keys("millrace:shop:" + kind + ":15m:*")) {
      for (String stored : hot.redis().hvals(key)) {
        sum += JSON.readTree(HotKeys.json(stored)).get(number).asLong();
      }
    }
    return sum;
  }

  private static List<String> topPages(HotStore hot) throws Exception {
    long at = JSON.readTree(events().get(0)).get("timestamp").asLong();
    long quarter = MetricRules.windowStart(at, MetricRules.WINDOW_MS) + MetricRules.WINDOW_MS;
    return hot
        .redis()
        .zrevrange(HotKeys.top(TENANT, "page", HotWindow.QUARTER, quarter, false), 0, -1)
        .stream()
        .map(HotKeys::metricValue)
        .toList();
  }

  private static long completeUpTo(HotStore hot) throws Exception {
    String stored = hot.redis().get(HotKeys.completeUpTo(TENANT));
    return stored == null
        ? Long.MIN_VALUE
        : JSON.readTree(HotKeys.json(stored)).get("complete_up_to").asLong();
  }

  private static Map<String, String> withoutZeros(Map<String, String> dump) {
    dump.values().removeIf(json -> json.startsWith("{\"conversions\":0,"));
    return dump;
  }

  private String said() {
    return out.toString() + err;
  }

  @SafeVarargs
  private int run(String command, List<String>... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> words = new ArrayList<>(List.of(command));
    for (List<String> some : arguments) {
      words.addAll(some);
    }
    words.addAll(List.of("--data", data.toString()));
    return TestCommands.run(out, err, words.toArray(String[]::new));
  }
}
