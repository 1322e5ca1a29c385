package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.standalone.traffic.CollectClient;
import io.millrace.standalone.traffic.FakeGateway;
import io.millrace.standalone.traffic.FakeGateway.Answer;
import io.millrace.standalone.traffic.KeySource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  static final KeySource KEYS =
      new KeySource() {
        @Override
        public String liveKey(String tenant) {
          return tenant + "-live";
        }

        @Override
        public String historicalKey(String tenant) {
          return tenant + "-historical";
        }
      };

  private static final String LOG =
      """
      192.0.2.7 - - [20/Feb/2016:00:00:45 -0500] "GET /a HTTP/1.1" 200 1 "-" "UA"
      192.0.2.7 - - [20/Feb/2016:00:00:46 -0500] "GET /a.css HTTP/1.1" 200 1 "-" "UA"
      192.0.2.7 - - [20/Feb/2016:00:00:46 -0500] "HEAD / HTTP/1.1" 200 1 "-" "UA"
      oops
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
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
  void replaysALogAsHistoryAndPrintsWhatBecameOfEachLine() throws Exception {
    int exitCode = run(file(LOG), "--tenant", "blog", "--site", "https://blog.example");

    assertThat(exitCode).isZero();
    assertThat(gateway.batches().get(0).authorization()).isEqualTo("Bearer blog-historical");
    assertThat(gateway.taken().get(0).get("pageUrl").asText()).isEqualTo("https://blog.example/a");
    assertThat(out.toString())
        .isEqualToNormalizingWhitespace(
            """
            Lines read 4
              left out: method other than GET and POST 1
              left out: static asset 1
              unreadable 1
                line 4: no client address followed by a space
              events 1
            Sent 1
              of these sent twice 0
              of these sent late 0
              accepted 1
              refused 0
            """);
  }

  @Test
  void printsJsonForPrograms() throws Exception {
    int exitCode = run(file("{\"eventId\":\"1\",\"eventType\":\"bad\"}\n{}\n"), "--output", "json");

    assertThat(exitCode).isZero();
    JsonNode json = new JsonMapper().readTree(out.toString());
    assertThat(json.get("events").asInt()).isEqualTo(2);
    assertThat(json.get("accepted").asInt()).isEqualTo(1);
    assertThat(json.at("/rejected/invalid_event_type").asInt()).isEqualTo(1);
    assertThat(json.at("/rejectedFirst/0").asText())
        .isEqualTo("event 1: invalid_event_type: is bad");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void usesTheLiveKeyWhenItMovesToNow() throws Exception {
    assertThat(run(file(LOG), "--shift-to-now")).isZero();

    assertThat(gateway.batches().get(0).authorization()).isEqualTo("Bearer default-live");
  }

  @Test
  void failsOnUnreadableLinesWhenStrictAfterSendingTheRest() throws Exception {
    assertThat(run(file(LOG), "--strict")).isEqualTo(6);

    assertThat(gateway.taken()).hasSize(1);
  }

  @Test
  void saysWhatIsWrongWithItsInput() throws Exception {
    String missing = folder.resolve("missing").toString();
    assertThat(run(missing)).isEqualTo(6);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("Cannot read " + missing + ": there is no such file");

    assertThat(run(file(LOG), "--mangle", "late=2")).isEqualTo(2);
    assertThat(err.toString()).contains("--mangle: Cannot read \"late=2\": give a percentage");

    assertThat(run(file(LOG), "--historical", "--shift-to-now")).isEqualTo(2);
    assertThat(err.toString()).contains("--historical and --shift-to-now exclude each other");
  }

  @Test
  void endsWithItsOwnCodesWhenTheGatewayIsAwayOrRefusesTheKey() throws Exception {
    gateway.answering(Answer.of(401));
    assertThat(run(file(LOG))).isEqualTo(6);
    assertThat(err.toString()).contains("it answers 401");

    gateway.close();
    assertThat(run(file(LOG))).isEqualTo(3);
    assertThat(err.toString()).contains("Start it with: millrace up");
    assertThat(out.toString()).containsPattern("without an answer +1\n");
  }

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("traffic"), text).toString();
  }

  private int run(String... arguments) {
    CollectClient.Options impatient =
        new CollectClient.Options(false, Duration.ofSeconds(5), Duration.ofMillis(200));
    ReplayCommand command = new ReplayCommand(gateway::url, KEYS, Clock.systemUTC(), impatient);
    return CommandLinesTest.with("replay", command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(CommandLinesTest.after("replay", arguments));
  }
}
