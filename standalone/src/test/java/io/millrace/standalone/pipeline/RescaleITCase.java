package io.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.command.TestCommands;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline goes on with fewer and with more subtasks, and nobody could tell by the tables. */
class RescaleITCase {
  private static final Instant START = Instant.parse("2025-05-05T20:00:00Z");
  private static final int EVENTS = 600;
  private static final int VISITORS = 25;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void goesOnWithOneSubtaskAndWithTwoAgain() throws Exception {
    List<String> events = events();
    // The sessions of a part go on in the next one, and some of its events come again there.
    try (ChildPlatform platform = platform(2)) {
      assertThat(platform.start().restoredFrom()).isNull();
      replay("first", events.subList(0, 220));
      await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(() -> assertThat(stored(platform.running())).isPositive());
    }
    try (ChildPlatform platform = platform(1)) {
      assertRestored(platform.start(), 1);
      replay("second", events.subList(180, 430));
      platform.kill();
    }
    try (ChildPlatform platform = platform(2)) {
      assertRestored(platform.start(), 2);
      replay("third", events.subList(400, EVENTS));

      await()
          .atMost(Duration.ofMinutes(10))
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () -> {
                assertThat(stored(platform.running())).isEqualTo(EVENTS);
                assertThat(run("audit")).as(() -> out.toString() + err).isZero();
              });
      assertThat(new LakeReader(platform.running().lake().catalog()).rows("duplicates", "event_id"))
          .hasSize(40 + 30);
      maintain(platform.running());
    }
    try (ChildPlatform platform = platform(2)) {
      assertRestored(platform.start(), 2);
      replay("again", events.subList(0, 10));
      await()
          .atMost(Duration.ofMinutes(5))
          .untilAsserted(
              () ->
                  assertThat(
                          new LakeReader(platform.running().lake().catalog())
                              .rows("duplicates", "event_id"))
                      .hasSize(40 + 30 + 10));
      assertThat(stored(platform.running())).isEqualTo(EVENTS);
      assertThat(run("audit")).as(() -> out.toString() + err).isZero();
    }
  }

  /** Files become fewer while the pipeline commits, and every number stays. */
  private void maintain(RunningPlatform running) throws Exception {
    List<String> tables = List.of("events", "sessions", "metrics_15m", "duplicates");
    List<Integer> before = new ArrayList<>();
    for (String table : tables) {
      before.add(new LakeReader(running.lake().catalog()).rows(table, "tenant").size());
    }

    assertThat(run("maintain", "--output", "json")).as(err::toString).isZero();

    for (JsonNode table : new ObjectMapper().readTree(out.toString())) {
      if (table.get("table").asText().equals("sessions")) {
        assertThat(table.get("filesAfter").asInt()).isLessThan(table.get("filesBefore").asInt());
      }
    }
    for (int i = 0; i < tables.size(); i++) {
      assertThat(new LakeReader(running.lake().catalog()).rows(tables.get(i), "tenant"))
          .as(tables.get(i))
          .hasSize(before.get(i));
    }
  }

  private ChildPlatform platform(int parallelism) {
    return new ChildPlatform(
        folder.resolve("data"),
        List.of("--checkpoint-interval", "2s", "--parallelism", Integer.toString(parallelism)));
  }

  private static void assertRestored(RunningPlatform running, int parallelism) throws IOException {
    assertThat(running.restoredFrom()).isNotNull();
    URI job = running.flink().resolve("/jobs/" + running.pipelineJob());
    JsonNode vertices = new ObjectMapper().readTree(job.toURL()).get("vertices");
    int most = 0;
    for (JsonNode vertex : vertices) {
      most = Math.max(most, vertex.get("parallelism").asInt());
    }
    assertThat(most).isEqualTo(parallelism);
  }

  private static int stored(RunningPlatform running) throws Exception {
    return new LakeReader(running.lake().catalog()).rows("events", "event_id").size();
  }

  private void replay(String name, List<String> events) throws IOException {
    Path file = Files.write(folder.resolve(name + ".ndjson"), events);
    assertThat(run("replay", file.toString(), "--mangle", "shuffle=60s"))
        .as(err::toString)
        .isZero();
  }

  private static List<String> events() {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long at = START.plusSeconds(i * 100L + random.nextInt(90)).toEpochMilli();
      lines.add(
          "{\"eventId\":\"e%d\",\"eventType\":\"page_view\",\"timestamp\":%d,".formatted(i, at)
              + "\"visitorId\":\"v%d\",\"pageUrl\":\"https://a.example/p%d\"}"
                  .formatted(random.nextInt(VISITORS), random.nextInt(5)));
    }
    return lines;
  }

  private int run(String command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--data", folder.resolve("data").toString()));
    return TestCommands.run(out, err, words.toArray(String[]::new));
  }
}
