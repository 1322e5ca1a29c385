package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.metric.VisitorSketch;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.command.TestCommands;
import io.millrace.standalone.pipeline.LakeEditor;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.server.LakeCatalog;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that somebody has changed by hand, and a hot store that somebody has emptied, become again
 * what real traffic had made of them, beside a running platform.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealBackfillITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SET = "apache-2015";
  private static final String TENANT = SET + "-clean";
  private static final String LIVE = "live";

  /** All days of the set. */
  private static final List<String> RANGE = List.of("--from", "2015-05-16", "--to", "2015-05-22");

  /** What was sent arrived a moment ago, and nothing more is to come. */
  private static final List<String> SETTLED = List.of("--arrived-before", "now");

  @TempDir static Path folder;
  private static Path data;
  private static ChildPlatform platform;
  private static RunningPlatform running;
  private static LakeReader reader;
  private static LakeEditor editor;
  private static TenantLake ofSet;
  private static TenantLake ofLive;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    Path events = new Expected(SET).events(); // skips all where there is no shared data
    data = folder.resolve("data");
    platform =
        new ChildPlatform(
            data,
            List.of(
                "--checkpoint-interval",
                "2s",
                "--tenant",
                TENANT,
                "--tenant",
                LIVE,
                "--own-host",
                TENANT + "=semicomplete.com"));
    running = platform.start();
    LakeCatalog lake = running.lake().catalog();
    reader = new LakeReader(lake);
    editor = new LakeEditor(lake);
    ofSet = new TenantLake(lake, TENANT);
    ofLive = new TenantLake(lake, LIVE);
    StringWriter said = new StringWriter();
    assertThat(execute(said, said, List.of("replay", events.toString(), "--tenant", TENANT)))
        .as(said::toString)
        .isZero();
    answers().assertTrue(List.of(TENANT));
  }

  @AfterAll
  static void stop() throws Exception {
    if (platform != null) {
      platform.close();
    }
  }

  private static RealAnswers answers() {
    return new RealAnswers(reader, Set.of());
  }

  @Test
  @Order(1)
  void whatTheStreamHasWrittenIsWhatABackfillComputes() throws Exception {
    assertThat(run("backfill", RANGE, SETTLED)).as(this::said).isZero();

    assertThat(out.toString())
        .contains(
            "ok      lake.sessions: 0 missing, 0 extra, 0 changed",
            "ok      lake.metrics_15m: 0 missing, 0 extra, 0 changed",
            "The tables equal the recomputation.");
    assertThat(branches("sessions")).containsExactly("main");
  }

  @Test
  @Order(2)
  void aRangeThatCutsSessionsComparesThoseThatStartInIt() throws Exception {
    Record session =
        ofSet.sessions().stream()
            .max(Comparator.comparingLong(row -> (long) row.getField("duration_ms")))
            .orElseThrow();
    Instant start = ((OffsetDateTime) session.getField("started_at")).toInstant();
    Instant end = ((OffsetDateTime) session.getField("ended_at")).toInstant();
    assertThat(end).isAfter(start.plusSeconds(30));

    for (String[] range :
        new String[][] {
          {start.toString(), start.plusMillis(1).toString()},
          {start.plusMillis(1).toString(), end.toString()},
          {end.minusSeconds(1).toString(), end.plusSeconds(1).toString()}
        }) {
      assertThat(run("backfill", List.of("--from", range[0], "--to", range[1]), SETTLED))
          .as(this::said)
          .isZero();
    }
  }

  @Test
  @Order(3)
  void findsExactlyWhatSomebodyHasChangedAndMendsIt() throws Exception {
    List<Record> sessions = ofSet.sessions();
    Record removed = sessions.get(0);
    Record falsified = sessions.get(1);
    Record doubled = sessions.get(2);
    Record invented = sessions.get(3).copy(Map.of("session_id", "f".repeat(32)));
    editor.change(
        "sessions",
        List.of(removed, falsified),
        List.of(falsified.copy(Map.of("events", 999L, "channel", "wrong")), doubled, invented));
    List<Record> metrics = ofSet.metrics();
    Record lost = metrics.get(0);
    Record wrong = metrics.get(1);
    Record ghost = metrics.get(2).copy(Map.of("value", "ghost"));
    byte[] otherVisitors = VisitorSketch.add(null, new long[] {17}, 1);
    Record wrongVisitor =
        metrics.get(3).copy(Map.of("visitors_sketch", ByteBuffer.wrap(otherVisitors)));
    editor.change(
        "metrics_15m",
        List.of(lost, wrong, metrics.get(3)),
        List.of(wrong.copy(Map.of("page_views", 77L)), ghost, wrongVisitor));

    assertThat(run("backfill", RANGE, SETTLED, List.of("--output", "json")))
        .as(this::said)
        .isEqualTo(1);

    JsonNode found = JSON.readTree(out.toString());
    JsonNode inSessions = found.get("tables").get(0);
    assertThat(counts(inSessions)).containsExactly(1, 1, 2);
    assertThat(inSessions.get("examples"))
        .extracting(
            example -> example.get("kind").asText(),
            example -> example.get("id").get("session_id").asText(),
            example -> example.get("copies").asInt())
        .containsExactlyInAnyOrder(
            tuple("missing", removed.getField("session_id"), 0),
            tuple("changed", falsified.getField("session_id"), 1),
            tuple("changed", doubled.getField("session_id"), 2),
            tuple("extra", "f".repeat(32), 1));
    assertThat(example(inSessions, falsified.getField("session_id")).get("columns"))
        .extracting(
            column -> column.get("name").asText(),
            column -> column.get("stored").asText(),
            column -> column.get("recomputed").asText())
        .containsExactly(
            tuple("events", "999", falsified.getField("events").toString()),
            tuple("channel", "wrong", falsified.getField("channel")));
    assertThat(counts(found.get("tables").get(1))).containsExactly(1, 1, 2);
    String branch = inSessions.get("branch").asText();
    assertThat(branch).isEqualTo("backfill_" + found.get("id").asText());
    assertThat(branches("sessions")).containsExactlyInAnyOrder("main", branch);
    assertThat(branches("metrics_15m")).containsExactlyInAnyOrder("main", branch);

    // Nothing has settled long enough for the usual limit: the platform might still write it.
    assertThat(run("backfill", RANGE)).as(this::said).isZero();
    assertThat(out.toString()).contains("4 left to the running platform");

    assertThat(run("backfill", RANGE, SETTLED, List.of("--apply"))).as(this::said).isZero();
    assertThat(out.toString())
        .contains("applied: 4", "The tables have been brought to the recomputation.");

    assertThat(run("backfill", RANGE, SETTLED)).as(this::said).isZero();
    assertThat(out.toString()).contains("The tables equal the recomputation.");
    assertThat(branches("sessions")).containsExactly("main");
    assertThat(branches("metrics_15m")).containsExactly("main");
    assertThat(ofSet.sessions().stream().map(row -> row.getField("session_id")).toList())
        .isEqualTo(sessions.stream().map(row -> row.getField("session_id")).toList());
    assertThat(ofSet.revision(falsified)).isEqualTo((int) falsified.getField("revision") + 1);
    assertThat(ofSet.revision(removed)).isEqualTo(1);
    answers().assertTrue(List.of(TENANT));
  }

  @Test
  @Order(4)
  void aJobOrTenantAloneIsComparedAlone() throws Exception {
    Record session = ofSet.sessions().get(0);
    editor.change("sessions", List.of(session), List.of());

    assertThat(run("backfill", RANGE, SETTLED, List.of("--job", "metrics"))).isZero();
    assertThat(out.toString()).contains("lake.metrics_15m").doesNotContain("lake.sessions");
    assertThat(run("backfill", RANGE, SETTLED, List.of("--tenant", LIVE))).isEqualTo(6);
    assertThat(err.toString())
        .contains(
            "millrace: Cannot recompute 2015-05-16T00:00:00Z to 2015-05-22T00:00:00Z for live:"
                + " lake.events has no event of that time; give another --from and --to");
    assertThat(
            run(
                "backfill",
                RANGE,
                SETTLED,
                List.of("--job", "sessions", "--tenant", TENANT, "--apply")))
        .as(this::said)
        .isZero();
    assertThat(out.toString())
        .contains("lake.sessions: 1 missing, 0 extra, 0 changed")
        .doesNotContain("lake.metrics_15m");
  }

  @Test
  @Order(5)
  void onlyOneRecomputationRunsAtATime() throws Exception {
    try (FileChannel channel =
            FileChannel.open(
                data.resolve("run/lake.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();

      assertThat(run("backfill", RANGE)).isEqualTo(4);
    }

    assertThat(err.toString())
        .contains(
            "millrace: Cannot recompute: a backfill, restate, rebuild-hot or maintain is already running on "
                + data
                + "; wait until it has ended");
  }

  @Test
  @Order(6)
  void visitorDaysWhoseStateWasGoneAreRestatedAndNoOthers() throws Exception {
    OffsetDateTime at = OffsetDateTime.of(2020, 3, 1, 10, 0, 0, 0, ZoneOffset.UTC);
    OffsetDateTime then = at.plusMinutes(1);
    OffsetDateTime late = OffsetDateTime.now(ZoneOffset.UTC).minusHours(2);
    // As the platform stores an event whose session and window have left the state: it is alone.
    editor.change(
        "events",
        List.of(),
        List.of(
            ofLive.event("ann", "e1", at, then),
            ofLive.event("ann", "e2", at.plusMinutes(10), late),
            ofLive.event("bob", "e3", at.plusMinutes(2), then)));
    Record first = ofLive.session("ann", at);
    Record second = ofLive.session("ann", at.plusMinutes(10));
    editor.change("sessions", List.of(), List.of(first, second));

    assertThat(run("restate", List.of("--dry-run", "--output", "json"))).isEqualTo(1);

    JsonNode found = JSON.readTree(out.toString());
    assertThat(found.get("lateEvents").asInt()).isEqualTo(1);
    assertThat(found.get("visitors").asInt()).isEqualTo(1);
    assertThat(found.get("windows").asInt()).isEqualTo(1);
    JsonNode inSessions = found.get("ranges").get(0).get("tables").get(0);
    assertThat(counts(inSessions))
        .as("missing, extra, changed; bob is not late")
        .containsExactly(0, 1, 1);
    assertThat(example(inSessions, first.getField("session_id")).get("kind").asText())
        .isEqualTo("changed");
    assertThat(example(inSessions, second.getField("session_id")).get("kind").asText())
        .isEqualTo("extra");

    assertThat(run("restate")).as(this::said).isZero();
    assertThat(out.toString())
        .contains("1 events came after their state was gone: 1 visitors, 1 windows");

    assertThat(run("restate")).as(this::said).isZero();
    assertThat(out.toString()).contains("The tables equal the recomputation.");
    assertThat(ofLive.sessions())
        .extracting(
            row -> row.getField("session_id"),
            row -> row.getField("events"),
            row -> row.getField("revision"))
        .containsExactly(tuple(first.getField("session_id"), 2L, 2));
    assertThat(
            reader.byTenant("metrics_15m", Expressions.equal("grouping", "all")).get(LIVE).stream()
                .mapToLong(row -> (long) row.getField("events"))
                .sum())
        .isEqualTo(3);
  }

  @Test
  @Order(7)
  void anEmptiedHotStoreIsFilledFromTheLakeAndNewerValuesStay() throws Exception {
    Path recent = Files.write(folder.resolve("recent.ndjson"), recentEvents());
    assertThat(run("replay", List.of(recent.toString(), "--tenant", LIVE))).as(this::said).isZero();
    try (HotStore hot = new HotStore(running.redis(), LIVE)) {
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> assertThat(hot.sum("events", "sessions")).containsExactly(300L, 60L));
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(ofLive.eventsBySession("w")).hasSize(60));
      Map<String, String> before = hot.dump();
      hot.redis().flushall();

      assertThat(run("rebuild-hot")).as(this::said).isZero();

      assertThat(out.toString()).contains("From 300 events since ");
      assertThat(hot.dump()).isEqualTo(before);
      assertThat(hot.sessions()).isEqualTo(ofLive.eventsBySession("w"));

      String newer = HotKeys.session(LIVE, ofLive.eventsBySession("w").keySet().iterator().next());
      String value = Long.MAX_VALUE - 1 + " {}";
      hot.redis().set(newer, value);
      assertThat(run("rebuild-hot")).as(this::said).isZero();
      assertThat(hot.redis().get(newer)).isEqualTo(value);
      hot.redis().del(newer);
      assertThat(run("rebuild-hot", List.of("--tenant", LIVE))).as(this::said).isZero();
      assertThat(hot.dump()).isEqualTo(before);
    }
  }

  @Test
  @Order(8)
  void whatABackfillAppliesReachesTheHotStore() throws Exception {
    try (HotStore hot = new HotStore(running.redis(), LIVE)) {
      Map<String, String> before = hot.dump();
      Record any = ofLive.sessions("w").get(0);
      Record invented = any.copy(Map.of("session_id", "e".repeat(32)));
      editor.change("sessions", List.of(), List.of(invented));
      assertThat(run("rebuild-hot")).as(this::said).isZero();
      assertThat(hot.dump()).containsKey(HotKeys.session(LIVE, "e".repeat(32)));

      assertThat(run("backfill", List.of("--from", "now-2d", "--to", "now", "--apply"), SETTLED))
          .as(this::said)
          .isZero();

      assertThat(out.toString()).contains("lake.sessions: 0 missing, 1 extra, 0 changed");
      assertThat(hot.dump()).isEqualTo(before);
    }
  }

  /** Sixty visits of five page views, which all began and ended hours ago. */
  private static List<String> recentEvents() {
    long start = Instant.now().minus(Duration.ofHours(9)).toEpochMilli();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long at = start + (i / 5) * 240_000L + (i % 5) * 61_000L;
      lines.add(
          "{\"eventId\":\"r%d\",\"eventType\":\"page_view\",\"timestamp\":%d,".formatted(i, at)
              + "\"visitorId\":\"w%d\",\"pageUrl\":\"https://a.example/p%d\"}"
                  .formatted(i / 5, i % 7));
    }
    return lines;
  }

  private static List<Integer> counts(JsonNode table) {
    return List.of(
        table.get("missing").asInt(), table.get("extra").asInt(), table.get("changed").asInt());
  }

  private static JsonNode example(JsonNode table, Object sessionId) {
    for (JsonNode example : table.get("examples")) {
      if (example.get("id").get("session_id").asText().equals(sessionId)) {
        return example;
      }
    }
    throw new AssertionError("No difference of " + sessionId + " in " + table);
  }

  private static Set<String> branches(String table) {
    try (JdbcCatalog catalog = running.lake().catalog().open()) {
      return catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, table)).refs().keySet();
    }
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
    return execute(out, err, words);
  }

  private static int execute(StringWriter out, StringWriter err, List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--data", data.toString()));
    return TestCommands.run(out, err, all.toArray(String[]::new));
  }
}
