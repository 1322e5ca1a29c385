package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final String EVENTS =
      """
      {"eventId":"a","visitorId":"v","timestamp":10000}
      {"eventId":"b","visitorId":"v","timestamp":9000}
      {"eventId":"c","visitorId":"v"}
      {"eventId":"d","visitorId":"v","timestamp":70000}
      """;

  private final TestClock clock = new TestClock();
  private final List<Duration> pauses = new ArrayList<>();
  private FakeGateway gateway;
  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    gateway = new FakeGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void keepsTheBytesAndTheTimesOfHistory() throws Exception {
    Replay.Result result = run(options(false, 0, 0));

    assertThat(result.sent().accepted()).isEqualTo(4);
    assertThat(ids()).containsExactly("a", "b", "c", "d");
    assertThat(times()).containsExactly(10_000L, 9_000L, -1L, 70_000L);
    assertThat(gateway.batches()).allMatch(batch -> !batch.body().has("metadata"));
    assertThat(pauses).isEmpty();
  }

  @Test
  void movesTheLastEventToNow() throws Exception {
    run(options(true, 0, 0));

    assertThat(times()).containsExactly(940_000L, 939_000L, -1L, 1_000_000L);
    assertThat(gateway.batches()).allMatch(batch -> batch.body().has("metadata"));
  }

  @Test
  void playsFromNowOnAtTheSpeedAskedFor() throws Exception {
    run(options(true, 10, 0));

    assertThat(times()).containsExactly(1_000_100L, 1_000_000L, -1L, 1_006_100L);
    assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(6_000));
  }

  @Test
  void stopsAtTheLimit() throws Exception {
    Replay.Result result = run(options(false, 0, 2));

    assertThat(ids()).containsExactly("a", "b");
    assertThat(result.read().lines()).isEqualTo(2);
  }

  @Test
  void manglesRealTrafficWithoutLosingAny() throws Exception {
    Path file = SharedData.file("apache-2015/events.ndjson.gz");
    Mangler.Options mangle = Mangler.Options.parse("duplicates=5%,shuffle=60s,late=1%");

    Replay.Result result = run(new Replay.Options(file, "", false, 0, 0, mangle, 3));

    assertThat(result.read().events()).isEqualTo(4_068);
    assertThat(result.sent().accepted()).isEqualTo(4_068 + result.duplicatesSent());
    assertThat(result.duplicatesSent()).isPositive();
    assertThat(result.lateSent()).isPositive();
    assertThat(ids().stream().distinct()).hasSize(4_068);
  }

  private Replay.Options options(boolean shift, double speed, long limit) throws Exception {
    Path file = Files.writeString(folder.resolve("e.ndjson"), EVENTS);
    return new Replay.Options(file, "", shift, speed, limit, Mangler.Options.NONE, 1);
  }

  private Replay.Result run(Replay.Options options) throws Exception {
    CollectClient client = new CollectClient(gateway.url(), CollectClient.Options.DEFAULT);
    try (LaneSender sender = new LaneSender(client, 2);
        Progress progress = Progress.none()) {
      return new Replay(options, clock, this::pause).run(sender, "k", progress);
    }
  }

  private void pause(Duration duration) {
    pauses.add(duration);
    clock.advance(duration);
  }

  private List<String> ids() {
    return gateway.taken().stream().map(e -> e.get("eventId").asText()).toList();
  }

  private List<Long> times() {
    return gateway.taken().stream().map((JsonNode e) -> e.path("timestamp").asLong(-1)).toList();
  }
}
