package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.traffic.CollectClient.Options;
import io.millrace.standalone.traffic.CollectClient.Rejection;
import io.millrace.standalone.traffic.CollectClient.Timing;
import io.millrace.standalone.traffic.CollectClient.Verdict;
import io.millrace.standalone.traffic.FakeGateway.Answer;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectClientTest {
  private static final Options PATIENT =
      new Options(false, Duration.ofSeconds(20), Duration.ofSeconds(60));

  private final TestClock clock = new TestClock();
  private final List<Duration> pauses = new ArrayList<>();
  private FakeGateway gateway;

  @BeforeEach
  void startGateway() throws Exception {
    gateway = new FakeGateway();
  }

  @AfterEach
  void stopGateway() {
    gateway.close();
  }

  @Test
  void sendsAnUntouchedBatchWithItsKeyAndTheTimeOfSending() throws Exception {
    Verdict verdict = client(PATIENT).send("k1", Timing.LIVE, List.of(event("1"), event("2")));

    assertThat(verdict).isEqualTo(new Verdict(2, List.of()));
    FakeGateway.Batch batch = gateway.batches().get(0);
    assertThat(batch.authorization()).isEqualTo("Bearer k1");
    assertThat(batch.body().toString())
        .isEqualTo(
            "{\"events\":[{\"eventId\":\"1\",\"eventType\":\"click\",\"visitorId\":\"v1\",\"timestamp\":5},"
                + "{\"eventId\":\"2\",\"eventType\":\"click\",\"visitorId\":\"v2\",\"timestamp\":5}],"
                + "\"metadata\":{\"sentAt\":1000000}}");
  }

  @Test
  void leavesTheTimeOfSendingOutOfHistory() throws Exception {
    client(PATIENT).send("k1", Timing.HISTORICAL, List.of(event("1")));

    assertThat(gateway.batches().get(0).body().has("metadata")).isFalse();
  }

  @Test
  void sendsTheSameIdsAgainUntilTheGatewayHasThem() throws Exception {
    gateway.answering(
        Answer.of(503), new Answer(429, "7", "{}"), Answer.of(0), new Answer(502, null, "<html>"));

    CollectClient client = client(PATIENT);
    Verdict verdict = client.send("k1", Timing.LIVE, List.of(event("1")));

    assertThat(verdict.accepted()).isEqualTo(1);
    assertThat(client.retries()).isEqualTo(4);
    assertThat(pauses)
        .containsExactly(
            Duration.ofMillis(100),
            Duration.ofSeconds(7),
            Duration.ofMillis(400),
            Duration.ofMillis(800));
    assertThat(gateway.batches())
        .extracting(FakeGateway.Batch::events)
        .hasSize(5)
        .containsOnly(gateway.batches().get(0).events());
    assertThat(gateway.batches())
        .extracting(batch -> batch.body().at("/metadata/sentAt").asLong())
        .containsExactly(1_000_000L, 1_000_100L, 1_007_100L, 1_007_500L, 1_008_300L);
  }

  @Test
  void keepsTheVerdictOnEachEvent() throws Exception {
    Verdict verdict =
        client(PATIENT).send("k1", Timing.LIVE, List.of(event("1"), bad("2"), event("3")));

    assertThat(verdict)
        .isEqualTo(new Verdict(2, List.of(new Rejection(1, "2", "invalid_event_type", "is bad"))));
  }

  @Test
  void takesA400WithAListAsVerdictsAndAnyOtherAsARefusalOfAll() throws Exception {
    assertThat(client(PATIENT).send("k1", Timing.LIVE, List.of(bad("1"))).rejected()).hasSize(1);

    gateway.answering(
        new Answer(400, null, "{\"code\":\"malformed_json\",\"detail\":\"no JSON\"}"));
    Verdict verdict = client(PATIENT).send("k1", Timing.LIVE, List.of(event("1"), event("2")));

    assertThat(verdict.accepted()).isZero();
    assertThat(verdict.rejected())
        .containsExactly(
            new Rejection(0, "1", "malformed_json", "the whole request was refused (no JSON)"),
            new Rejection(1, "2", "malformed_json", "the whole request was refused (no JSON)"));
  }

  @Test
  void halvesABatchThatIsTooLargeAndKeepsTheOrder() throws Exception {
    gateway.answering(Answer.of(413), Answer.of(204), Answer.of(413), Answer.of(413));

    Verdict verdict =
        client(PATIENT).send("k1", Timing.LIVE, List.of(event("1"), event("2"), event("3")));

    assertThat(verdict.accepted()).isEqualTo(2);
    assertThat(verdict.rejected())
        .containsExactly(new Rejection(1, "2", "http_413", "the whole request was refused"));
    assertThat(gateway.taken())
        .extracting(e -> e.get("eventId").asText())
        .containsExactly("1", "3");
  }

  @Test
  void stopsAtOnceWhenItsKeyIsWrong() {
    gateway.answering(new Answer(401, null, "{\"title\":\"unknown write key\"}"));

    assertThatThrownBy(() -> client(PATIENT).send("k1", Timing.LIVE, List.of(event("1"))))
        .hasMessage(
            "Cannot send to " + gateway.url() + "/v1/collect: it answers 401 (unknown write key)")
        .extracting(e -> ((CollectException) e).kind())
        .isEqualTo(CollectException.Kind.SENDER_REFUSED);
    assertThat(gateway.batches()).hasSize(1);
  }

  @Test
  void givesUpOnAGatewayThatStaysAway() throws Exception {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    CollectClient client = new CollectClient(nobody, PATIENT, clock, this::pause);

    assertThatThrownBy(() -> client.send("k1", Timing.LIVE, List.of(event("1"))))
        .hasMessageStartingWith("Cannot send to " + nobody + "/v1/collect: ")
        .hasMessageEndingWith("gave up after 6 s. Start it with: millrace up")
        .extracting(e -> ((CollectException) e).kind())
        .isEqualTo(CollectException.Kind.GATEWAY_AWAY);
  }

  @Test
  void isPatientWithAGatewayThatHasAnsweredBefore() throws Exception {
    CollectClient client = client(PATIENT);
    client.send("k1", Timing.LIVE, List.of(event("1")));
    gateway.close();

    assertThatThrownBy(() -> client.send("k1", Timing.LIVE, List.of(event("1"))))
        .hasMessageContaining("gave up after 56 s");
    assertThat(pauses).endsWith(Duration.ofSeconds(5));
  }

  @Test
  void canSendGzip() throws Exception {
    Options gzip = new Options(true, Duration.ofSeconds(20), Duration.ofSeconds(60));

    client(gzip).send("k1", Timing.LIVE, List.of(event("1")));

    assertThat(gateway.taken()).extracting(JsonNode::toString).hasSize(1);
  }

  private CollectClient client(Options options) {
    return new CollectClient(gateway.url(), options, clock, this::pause);
  }

  private void pause(Duration duration) {
    pauses.add(duration);
    clock.advance(duration);
  }

  static OutgoingEvent event(String id) throws Exception {
    return event(id, "click", "v" + id);
  }

  static OutgoingEvent bad(String id) throws Exception {
    return event(id, "bad", "v" + id);
  }

  static OutgoingEvent event(String id, String type, String visitor) throws Exception {
    return OutgoingEvent.ofJson(
        "{\"eventId\":\"%s\",\"eventType\":\"%s\",\"visitorId\":\"%s\",\"timestamp\":5}"
            .formatted(id, type, visitor)
            .getBytes(StandardCharsets.UTF_8));
  }
}
