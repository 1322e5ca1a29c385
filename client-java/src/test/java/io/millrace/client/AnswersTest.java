package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.FakeGateway.Reply;
import io.millrace.client.FakeGateway.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does with each answer of the gateway. */
class AnswersTest {
  private final Heard heard = new Heard();
  private FakeGateway gateway;
  private MillraceClient client;

  @BeforeEach
  void start() throws IOException {
    gateway = FakeGateway.start();
    client =
        MillraceClient.start(
            ClientOptions.builder(gateway.url(), "key-1")
                .linger(Duration.ofMillis(20))
                .firstPause(Duration.ofMillis(5))
                .longestPause(Duration.ofMillis(40))
                .build(),
            heard);
  }

  @AfterEach
  void stop() {
    client.close(Duration.ZERO);
    gateway.close();
  }

  @Test
  void sendsWhatWaitsInOneCompressedBatchThatSaysWhenItWasSent() {
    gateway.hold();
    client.track(event("first")); // goes alone or with some; what comes meanwhile goes together
    await().until(() -> gateway.held() == 1);
    IntStream.range(0, 50).forEach(i -> client.track(event("e-" + i)));
    long before = System.currentTimeMillis();

    gateway.release();
    awaitNothingWaits();

    assertThat(gateway.requests()).hasSize(2);
    Request batch = gateway.requests().get(1);
    assertThat(batch.ids()).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "e-" + i).toList());
    assertThat(batch.headers().getFirst("Authorization")).isEqualTo("Bearer key-1");
    assertThat(batch.headers().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(batch.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
    assertThat(batch.metadata().path("sentAt").asLong())
        .isBetween(before, System.currentTimeMillis());
    assertThat(batch.metadata().path("sdkVersion").asText()).matches("java/\\d+\\.\\d+.*");
    assertThat(client.stats().delivered()).isEqualTo(51);
    assertThat(client.stats().requests()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400})
  void tellsWhichEventsTheGatewayRefusedAndSendsNoneOfThemAgain(int status) {
    gateway.answersBy(
        request ->
            Reply.of(
                status,
                "{\"accepted\":%d,\"rejected\":[{\"index\":%d,\"eventId\":\"x\",\"code\":\"invalid_url\",\"message\":\"pageUrl is odd\"}],\"withheld\":0}"
                    .formatted(request.ids().size() - 1, request.ids().size() - 1)));

    client.track(event("a"));
    awaitNothingWaits();

    assertThat(heard.refused)
        .containsExactly(new RefusedEvent("a", "invalid_url", "pageUrl is odd"));
    assertThat(gateway.ids()).containsExactly("a");
    assertThat(client.stats().rejected()).isEqualTo(1);
    assertThat(client.stats().delivered()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void sendsTheSameEventsAgainWhenTheGatewayCannotTakeThemNow(int status) {
    gateway.answers(
        Reply.problem(status, "busy", "later"), Reply.of(status, "<html>"), Reply.of(204));

    client.track(event("a"));
    awaitNothingWaits();

    assertThat(gateway.ids()).containsExactly("a", "a", "a");
    assertThat(client.stats().delivered()).isEqualTo(1);
    assertThat(client.stats().failedRequests()).isEqualTo(2);
    assertThat(client.stats().lastTrouble()).isEqualTo("it answers " + status);
    assertThat(heard.refused).isEmpty();
  }

  @Test
  void waitsAsLongAsTheGatewayAsks() {
    gateway.answers(new Reply(429, "1", ""), Reply.of(204));

    client.track(event("a"));
    awaitNothingWaits();

    List<Request> requests = gateway.requests();
    assertThat(requests).hasSize(2);
    assertThat(Duration.ofNanos(requests.get(1).nanoTime() - requests.get(0).nanoTime()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "401, unknown_write_key, the write key is not known",
    "403, origin_not_allowed, no",
    "404, not_found, no such path",
    "415, unsupported_content_type, no",
    "302, , ",
    "400, , "
  })
  void keepsEventsAndSaysWhyWhenTheGatewayDoesNotLetItIn(int status, String code, String detail) {
    Reply denial = code == null ? Reply.of(status) : Reply.problem(status, code, detail);
    gateway.answers(denial);

    client.track(event("a"));
    await().until(() -> heard.opened.size() == 1);
    CircuitState whileDenied = client.stats().circuit();
    long waitingWhileDenied = client.stats().waiting();
    gateway.answers(Reply.of(204));
    awaitNothingWaits();

    assertThat(whileDenied).isEqualTo(CircuitState.OPEN);
    assertThat(waitingWhileDenied).isEqualTo(1);
    assertThat(heard.opened)
        .containsExactly(
            "Cannot send to "
                + gateway.url()
                + "/v1/collect: it answers "
                + status
                + (code == null ? "" : " (" + code + ": " + detail + ")"));
    assertThat(new HashSet<>(gateway.ids())).containsExactly("a");
    assertThat(heard.closed).hasSize(1);
    assertThat(heard.refused).isEmpty();
    assertThat(client.stats().circuit()).isEqualTo(CircuitState.CLOSED);
    assertThat(client.stats().delivered()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Welcome to the hotel</html>",
        "{\"status\":\"ok\"}",
        "{\"accepted\":1}",
        "{\"accepted\":0,\"rejected\":[{\"index\":7,\"code\":\"x\",\"message\":\"\"}]}",
        "{\"accepted\":0,\"rejected\":[{\"code\":\"x\",\"message\":\"no index\"}]}",
        "{\"accepted\":1,\"rejected\":["
      })
  void believesNo200ThatDoesNotSpeakOfItsEvents(String body) {
    gateway.answers(Reply.of(200, body), Reply.of(204));

    client.track(event("a"));
    awaitNothingWaits();

    assertThat(gateway.ids()).containsExactly("a", "a");
    assertThat(client.stats().delivered()).isEqualTo(1);
  }

  @Test
  void splitsABatchThatIsTooLarge() {
    gateway.answersBy(
        request ->
            request.ids().size() > 3
                ? Reply.problem(413, "body_too_large", "too large")
                : Reply.of(204));
    Set<String> tracked = trackWhileHeld(40);

    awaitNothingWaits();

    List<String> taken =
        gateway.requests().stream()
            .filter(request -> request.ids().size() <= 3)
            .flatMap(request -> request.ids().stream())
            .toList();
    assertThat(taken).doesNotHaveDuplicates().hasSameElementsAs(tracked);
    assertThat(client.stats().delivered()).isEqualTo(41);
    assertThat(client.stats().circuit()).isEqualTo(CircuitState.CLOSED);
  }

  @ParameterizedTest
  @CsvSource({"413, body_too_large", "400, malformed_json"})
  void findsTheOneEventForWhichTheGatewayRefusesTheWholeBatch(int status, String code) {
    gateway.answersBy(
        request ->
            request.ids().contains("e-17") ? Reply.problem(status, code, "bad") : Reply.of(204));
    Set<String> tracked = trackWhileHeld(40);

    awaitNothingWaits();

    assertThat(heard.refused)
        .containsExactly(
            new RefusedEvent("e-17", code, "it answers " + status + " (" + code + ": bad)"));
    assertThat(client.stats().delivered()).isEqualTo(tracked.size() - 1);
    assertThat(client.stats().rejected()).isEqualTo(1);
  }

  @Test
  void opensTheCircuitAfterThreeFailuresAndProbesWithOneEventUntilTheGatewayIsBack() {
    gateway.answers(Reply.of(503));
    Set<String> tracked = trackWhileHeld(40);

    await().until(() -> client.stats().failedRequests() >= 6);
    ClientStats open = client.stats();
    int sentWhileOpen = gateway.requests().size();
    List<Integer> sizes = gateway.requests().stream().map(r -> r.ids().size()).toList();
    gateway.answers(Reply.of(204));
    awaitNothingWaits();

    assertThat(open.circuit()).isEqualTo(CircuitState.OPEN);
    assertThat(open.waiting()).isEqualTo(41);
    assertThat(heard.opened).hasSize(1);
    assertThat(heard.closed).hasSize(1);
    assertThat(sizes.subList(3, sentWhileOpen)).containsOnly(1);
    assertThat(new HashSet<>(gateway.ids())).isEqualTo(tracked);
    assertThat(client.stats().delivered()).isEqualTo(41);
  }

  @Test
  void goesOnAfterAnOutageWithoutAnyAnswer() throws Exception {
    int port = gateway.port();
    gateway.close();

    client.track(event("a"));
    await().until(() -> client.stats().circuit() == CircuitState.OPEN);
    String trouble = client.stats().lastTrouble();
    gateway = FakeGateway.start(port);
    awaitNothingWaits();

    assertThat(trouble).startsWith("it does not answer (ConnectException");
    assertThat(gateway.ids()).containsExactly("a");
  }

  /** Tracks "first", waits until the gateway holds it, and then some that make one batch. */
  private Set<String> trackWhileHeld(int events) {
    Set<String> tracked = new HashSet<>(Set.of("first"));
    gateway.hold();
    client.track(event("first"));
    await().until(() -> gateway.held() == 1);
    for (int i = 0; i < events; i++) {
      client.track(event("e-" + i));
      tracked.add("e-" + i);
    }
    gateway.release();
    return tracked;
  }

  private void awaitNothingWaits() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(client.stats().waiting()).isZero());
    // The counters of the last batch follow its removal.
    await()
        .until(
            () ->
                client.stats().delivered() + client.stats().rejected() == client.stats().tracked());
  }

  static MillraceEvent event(String id) {
    return MillraceEvent.builder("page_view", "visitor-1").eventId(id).build();
  }
}
