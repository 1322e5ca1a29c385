package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.metric.Grouping;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.command.SqlCommand.Screen;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.server.LakeCatalog;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * What the stream has made of duplicated, shuffled and late traffic equals what SQL makes of the
 * stored events with the same rules as functions.
 */
class ParityITCase {
  private static final Instant START = Instant.parse("2024-03-30T18:00:00Z");
  private static final int EVENTS = 600;
  private static final List<String> TYPES =
      List.of("page_view", "page_view", "page_viewed", "link_click", "purchase", "my_own");
  private static final List<String> PAGES =
      List.of(
          "https://a.example/",
          "https://a.example/p?utm_source=news&utm_medium=email&utm_campaign=May+sale",
          "https://www.a.example/q?gclid=1",
          "https://a.example/q?fbclid=1#top",
          "https://a.example/login?token=secret",
          "/relative");
  private static final List<String> REFERRERS =
      List.of(
          "",
          "https://www.google.com/",
          "https://shop.a.example/",
          "https://pay.example/done",
          "https://other.example.co.uk/x",
          "https://t.co/abc");
  private static final List<String> AGENTS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/120.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
              + " Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "curl/8.5.0");

  @TempDir static Path folder;
  private static Path data;
  private static ChildPlatform platform;
  private static RunningPlatform running;

  @BeforeAll
  static void storeTraffic() throws Exception {
    data = folder.resolve("data");
    platform =
        new ChildPlatform(
            data, List.of("--checkpoint-interval", "2s", "--own-host", "default=pay.example"));
    running = platform.start();
    LakeCatalog lake = running.lake().catalog();
    Path file = Files.write(folder.resolve("events.ndjson"), events());
    StringWriter said = new StringWriter();

    assertThat(
            run(said, "replay", file.toString(), "--mangle", "duplicates=10%,shuffle=60s,late=2%"))
        .as(said::toString)
        .isZero();

    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              assertThat(new LakeReader(lake).rows("events", "event_id")).hasSize(EVENTS);
              StringWriter audit = new StringWriter();
              assertThat(run(audit, "audit")).as(audit::toString).isZero();
            });
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  void theTrafficShowsEveryRule() {
    assertThat(
            sql(
                "-e",
                "SELECT COUNT(DISTINCT channel) AS channels, COUNT(DISTINCT event_type) AS types,"
                    + " COUNT(DISTINCT device_type) AS devices, COUNT(DISTINCT bot) AS bots"
                    + " FROM events"))
        .containsExactly("channels,types,devices,bots", "5,4,3,2");
  }

  @Test
  void sessionsOfTheFunctionAreTheStoredOnesInEveryColumn() {
    List<String> recomputed = sql("--query", "sessions_with_gap");
    List<String> stored =
        sql("-e", "SELECT " + recomputed.get(0) + " FROM sessions ORDER BY started_at, session_id");

    assertThat(recomputed).hasSizeGreaterThan(EVENTS / 10).isEqualTo(stored);
  }

  @ParameterizedTest
  @EnumSource(Grouping.class)
  void metricsOfEveryGroupingAreTheSumsOfEventsAndSessions(Grouping grouping) {
    assertThat(sql("--query", "metrics_recomputed", "-p", "grouping=" + grouping.label()))
        .containsExactly("tenant,window_start,value,bot,measure,recomputed,stored");
    int events =
        Integer.parseInt(
            sql(
                    "-e",
                    "SELECT COALESCE(SUM(events), 0) AS events FROM metrics_15m"
                        + " WHERE `grouping` = '%s'".formatted(grouping.label()))
                .get(1));
    if (grouping.isComplete()) {
      assertThat(events).isEqualTo(EVENTS);
    } else if (grouping == Grouping.REGION || grouping == Grouping.CITY) {
      assertThat(events).isZero(); // there is no geo database here
    } else {
      assertThat(events).isBetween(EVENTS / 10, EVENTS - 1);
    }
  }

  @Test
  void whatTheRulesDeriveInSqlIsWhatTheStreamStored() throws Exception {
    Path file = Path.of(getClass().getResource("/parity/derived.sql").toURI());

    assertThat(sql("-f", file.toString())).containsExactly("what,id");
  }

  /** Visits over two days and the night in which clocks go forward in Europe. */
  private static List<String> events() throws Exception {
    Random random = new Random(11);
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("eventId", "e" + i);
      event.put("eventType", one(TYPES, random));
      event.put("timestamp", START.plusSeconds(i * 200L + random.nextInt(150)).toEpochMilli() + i);
      event.put("visitorId", "v" + random.nextInt(40));
      event.put("pageUrl", one(PAGES, random));
      event.put("referrer", one(REFERRERS, random));
      event.put("userAgent", one(AGENTS, random));
      if (random.nextInt(3) == 0) {
        event.put("entityType", "product");
        event.put("entityId", "p" + random.nextInt(5));
        event.put("ownerId", "o" + random.nextInt(2));
        event.put("experiment", "price");
        event.put("variant", random.nextBoolean() ? "a" : "b");
      }
      if (event.get("eventType").equals("purchase")) {
        event.put("revenueCents", random.nextInt(10_000));
        event.put("currency", "EUR");
      }
      lines.add(json.writeValueAsString(event));
    }
    return lines;
  }

  private static String one(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  /** The lines that {@code millrace sql} prints as CSV. */
  private static List<String> sql(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    SqlTarget target =
        new SqlTarget(
            running.sql(),
            running.lake().catalog().createCatalogSql(),
            Map.of("tenant", "default"),
            Optional::empty);
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--format", "csv"));
    SqlCommand command = new SqlCommand(() -> target, out, Screen.NONE, Clock.systemUTC());

    int code =
        CommandLinesTest.with("sql", command)
            .setErr(new PrintWriter(err, true))
            .execute(CommandLinesTest.after("sql", all.toArray(String[]::new)));

    assertThat(code).as(err::toString).isZero();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static int run(StringWriter said, String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--data", data.toString()));
    CommandLine line = CommandLines.create();
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    return line.execute(words.toArray(String[]::new));
  }
}
