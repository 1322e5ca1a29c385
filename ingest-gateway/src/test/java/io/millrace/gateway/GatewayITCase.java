package io.millrace.gateway;

import static io.millrace.gateway.GatewayCalls.assertProblem;
import static io.millrace.gateway.GatewayCalls.event;
import static io.millrace.gateway.GatewayCalls.newId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.event.Envelope;
import io.millrace.domain.geo.Place;
import io.millrace.gateway.access.WriteKey;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayITCase {
  static final int PARTITIONS = 3;
  static final long NOW = 1_767_225_600_000L;

  /** Knows the keys {@code web}, {@code server} and {@code import} of tenant acme. */
  static final Map<String, WriteKey> KEYS =
      Map.of(
          "web-key", new WriteKey("acme", "web", false, false),
          "server-key", new WriteKey("acme", "server", false, true),
          "import-key", new WriteKey("acme", "import", true, false),
          "noisy-key", new WriteKey("acme", "noisy", false, false));

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static IngestGateway gateway;
  private static GatewayCalls calls;
  private static String raw;
  private static String dead;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new EmbeddedBroker(folder);
    broker.start();
    raw = "events.raw";
    dead = "events.dead-letter";
    broker.createTopics(PARTITIONS, raw, dead);
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .deadLettersPerHour(3)
                .heartbeatAfter(Duration.ofHours(1))
                .build(),
            presented -> Optional.ofNullable(KEYS.get(presented)),
            address ->
                address.getHostAddress().equals("198.51.100.77")
                    ? Optional.of(new Place("NZ", "Otago", "Dunedin"))
                    : Optional.empty(),
            Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    calls = new GatewayCalls(gateway);
  }

  @BeforeEach
  void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(calls.get("/health/ready").statusCode()).isEqualTo(200));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "%1$s",
        "[%1$s]",
        "{\"events\":[%1$s]}",
        "{\"events\":[%1$s],\"metadata\":{\"sentAt\":1767225599500,\"sdkVersion\":\"1.0\"}}",
        "{\"metadata\":{\"sentAt\":1767225599500},\"events\":[%1$s]}",
        " {\n\"extra\" : [1], \"events\" :\t[ %1$s ] } \n"
      })
  void takesABareEventAnArrayAndABatchAndKeepsTheBytes(String form) throws Exception {
    String id = newId();
    String event =
        "{ \"eventId\" : \""
            + id
            + "\", \"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\"vü\", \"x\" : 1.0 }";

    HttpResponse<String> answer = post("/v1/collect", "web-key", String.format(form, event));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    ConsumerRecord<byte[], byte[]> record = single(raw, id);
    assertThat(new String(record.value(), UTF_8)).isEqualTo(event);
    assertThat(new String(record.key(), UTF_8)).isEqualTo("acme|vü");
    assertThat(EmbeddedBroker.header(record, Envelope.TENANT)).isEqualTo("acme");
    assertThat(EmbeddedBroker.header(record, Envelope.RECEIVED_AT)).isEqualTo(Long.toString(NOW));
    assertThat(EmbeddedBroker.header(record, Envelope.SENT_AT))
        .isEqualTo(form.contains("sentAt") ? "1767225599500" : null);
    assertThat(EmbeddedBroker.header(record, Envelope.IP_PREFIX)).isEqualTo("127.0.0.0/24");
    assertThat(EmbeddedBroker.header(record, Envelope.HISTORICAL)).isNull();
    assertThat(EmbeddedBroker.header(record, Envelope.COUNTRY)).isNull();
    assertThat(EmbeddedBroker.header(record, Envelope.USER_AGENT)).startsWith("Java-http-client");
  }

  @Test
  void takesGzip() throws Exception {
    String id = newId();

    HttpResponse<String> answer =
        calls.send(
            calls
                .request("/v1/collect")
                .header("X-Write-Key", "web-key")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip(event(id, "").getBytes(UTF_8)))));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(new String(single(raw, id).value(), UTF_8)).isEqualTo(event(id, ""));
  }

  @Test
  void takesABeaconWithItsKeyInTheQuery() throws Exception {
    String id = newId();

    HttpResponse<String> answer =
        calls.send(
            calls
                .request("/v1/collect?key=web-key")
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(BodyPublishers.ofString(event(id, ""))));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(single(raw, id)).isNotNull();
  }

  @Test
  void saysWhatWasRefusedAndKeepsItInTheDeadLetters() throws Exception {
    String good = newId();
    String bad = newId();

    HttpResponse<String> answer =
        post(
            "/v1/collect",
            "web-key",
            "["
                + event(good, "")
                + ",{\"ip\":\"203.0.113.9\",\"eventType\":\"Bad Type\",\"eventId\":\""
                + bad
                + "\",\"properties\":{\"ip\":[\"203.0.113.9\"]}}]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"accepted\":1,\"rejected\":[{\"index\":1,\"eventId\":\""
                + bad
                + "\",\"code\":\"invalid_event_type\",\"message\":\"eventType is \\\"Bad Type\\\"; it starts with a letter a-z and goes on with a-z, 0-9, _ and .\"}]}");
    assertThat(single(raw, good)).isNotNull();
    assertThat(all(raw, bad)).isEmpty();
    ConsumerRecord<byte[], byte[]> letter = single(dead, bad);
    assertThat(new String(letter.value(), UTF_8))
        .isEqualTo(
            "{\"ip\":null,\"eventType\":\"Bad Type\",\"eventId\":\""
                + bad
                + "\",\"properties\":{\"ip\":null}}");
    assertThat(EmbeddedBroker.header(letter, "tenant")).isEqualTo("acme");
    assertThat(EmbeddedBroker.header(letter, "code")).isEqualTo("invalid_event_type");
    assertThat(EmbeddedBroker.header(letter, "message")).startsWith("eventType is \"Bad Type\"");
    assertThat(EmbeddedBroker.header(letter, "stage")).isEqualTo("gateway");
    assertThat(EmbeddedBroker.header(letter, "received_at")).isEqualTo(Long.toString(NOW));
    assertThat(EmbeddedBroker.header(letter, "event_id")).isEqualTo(bad);
  }

  @Test
  void answers400WhenAllAreRefusedAnd200WhenAskedToBeVerbose() throws Exception {
    HttpResponse<String> refused = post("/v1/collect", "web-key", "[7]");
    HttpResponse<String> verbose = post("/v1/collect?verbose=true", "web-key", event(newId(), ""));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"accepted\":0,\"rejected\":[{\"index\":0,\"eventId\":null,\"code\":\"not_an_object\",\"message\":\"the event is a number; an event is a JSON object\"}]}");
    assertThat(verbose.statusCode()).isEqualTo(200);
    assertThat(verbose.body()).isEqualTo("{\"accepted\":1,\"rejected\":[]}");
  }

  @Test
  void keepsOnlySoManyDeadLettersOfAKey() throws Exception {
    String bad = newId();
    String batch =
        IntStream.range(0, 5)
            .mapToObj(i -> "{\"eventId\":\"" + bad + "-" + i + "\"}")
            .collect(Collectors.joining(",", "[", "]"));

    HttpResponse<String> answer = post("/v1/collect", "noisy-key", batch);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(all(dead, bad)).hasSize(3);
    assertThat(calls.metric("gateway_dead_letters_beyond_limit_total")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                             | 400 | malformed_json | the body is empty; send one event or a batch
          '{"events":[{"eventId":"a"}'   | 400 | malformed_json | the body is no valid JSON at byte
          '[] []'                        | 400 | malformed_json | the body goes on after its JSON value at byte 3
          '{"events":[],"events":[]}'    | 400 | malformed_json | "events" is given twice or is no list
          '{"events":[],"metadata":{"sentAt":"now"}}' | 400 | invalid_sent_at | metadata.sentAt is now; give epoch milliseconds as a number above 0, or leave it out
          """)
  void refusesABodyThatIsNoBatch(String body, int status, String code, String detail)
      throws Exception {
    HttpResponse<String> answer = post("/v1/collect", "web-key", body);

    assertProblem(answer, status, code, detail);
  }

  @Test
  void namesTheLimitOfABatch() throws Exception {
    String batch =
        IntStream.range(0, 501).mapToObj(i -> "{}").collect(Collectors.joining(",", "[", "]"));

    assertProblem(
        post("/v1/collect", "web-key", batch),
        413,
        "too_many_events",
        "the batch has 501 events; at most 500 are allowed; send several batches");
  }

  @Test
  void refusesABodyOverItsLimitAlsoWhenItIsPacked() throws Exception {
    byte[] large = new byte[(1 << 20) + 1];
    byte[] bomb = gzip(new byte[64 << 20]);

    HttpResponse<String> plain =
        calls.send(json("web-key").POST(BodyPublishers.ofByteArray(large)));
    HttpResponse<String> packed =
        calls.send(
            json("web-key")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb)));

    assertProblem(plain, 413, "body_too_large", "the body has more than 1048576 bytes");
    assertProblem(packed, 413, "body_too_large", "the body has more than 1048576 bytes");
  }

  @Test
  void refusesRequestsWithAProblem() throws Exception {
    String event = event(newId(), "");

    assertProblem(
        calls.send(calls.request("/v1/collect").POST(BodyPublishers.ofString(event))),
        401,
        "missing_write_key",
        "no write key is given");
    HttpResponse<String> unknown = post("/v1/collect", "other", event);
    assertProblem(unknown, 401, "unknown_write_key", "the write key is not known");
    assertThat(unknown.headers().firstValue("www-authenticate")).isPresent();
    assertProblem(
        calls.send(
            calls
                .request("/v1/collect")
                .header("X-Write-Key", "web-key")
                .header("Content-Type", "text/html")
                .POST(BodyPublishers.ofString(event))),
        415,
        "unsupported_content_type",
        "Content-Type is text/html; application/json and text/plain are allowed");
    assertProblem(
        calls.send(
            json("web-key").header("Content-Encoding", "br").POST(BodyPublishers.ofString(event))),
        415,
        "unsupported_content_encoding",
        "Content-Encoding is br; gzip and identity are allowed");
    assertProblem(
        calls.send(
            json("web-key")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString(event))),
        400,
        "malformed_gzip",
        "the body says it is gzip and is not");
    HttpResponse<String> method = calls.get("/v1/collect");
    assertProblem(method, 405, "method_not_allowed", "the method is GET; POST is allowed");
    assertThat(method.headers().firstValue("allow")).hasValue("POST");
    assertProblem(calls.get("/nowhere"), 404, "not_found", "");
  }

  @Test
  void neverLetsAnAddressReachKafka() throws Exception {
    String web = newId();
    String server = newId();
    String withoutAddress = newId();

    post(
        "/v1/collect",
        "web-key",
        "[" + event(web, ",\"ip\": \"198.51.100.77\" ,\"country\":\"FR\"") + "]");
    post(
        "/v1/collect",
        "server-key",
        "["
            + event(server, ",\"ip\":\"198.51.100.77\"")
            + ","
            + event(withoutAddress, ",\"ip\":\"host.invalid\"")
            + "]");

    ConsumerRecord<byte[], byte[]> untrusted = single(raw, web);
    assertThat(new String(untrusted.value(), UTF_8))
        .isEqualTo(event(web, ",\"ip\": null ,\"country\":\"FR\""));
    assertThat(EmbeddedBroker.header(untrusted, Envelope.IP_PREFIX)).isEqualTo("127.0.0.0/24");
    ConsumerRecord<byte[], byte[]> trusted = single(raw, server);
    assertThat(EmbeddedBroker.header(trusted, Envelope.IP_PREFIX)).isEqualTo("198.51.100.0/24");
    assertThat(EmbeddedBroker.header(trusted, Envelope.COUNTRY)).isEqualTo("NZ");
    assertThat(EmbeddedBroker.header(trusted, Envelope.CITY)).isEqualTo("Dunedin");
    assertThat(EmbeddedBroker.header(trusted, Envelope.USER_AGENT)).isNull();
    assertThat(EmbeddedBroker.header(single(raw, withoutAddress), Envelope.IP_PREFIX)).isNull();
    for (ConsumerRecord<byte[], byte[]> record : broker.read(raw, PARTITIONS)) {
      assertThat(new String(record.value(), UTF_8)).doesNotContain("198.51.100.77", "host.invalid");
      record
          .headers()
          .forEach(h -> assertThat(new String(h.value(), UTF_8)).doesNotContain("100.77"));
    }
  }

  @Test
  void marksTheEventsOfAHistoricalKey() throws Exception {
    String id = newId();

    post("/v1/collect", "import-key", event(id, ""));

    assertThat(EmbeddedBroker.header(single(raw, id), Envelope.HISTORICAL)).isEqualTo("true");
  }

  @Test
  void correctsTheClockBeforeItRefusesAnEventOfTheFuture() throws Exception {
    String id = newId();
    String ahead = event(id, "").replace("1767225599000", "1798761599000");

    HttpResponse<String> alone = post("/v1/collect", "web-key", ahead);
    HttpResponse<String> sent =
        post(
            "/v1/collect",
            "web-key",
            "{\"events\":[" + ahead + "],\"metadata\":{\"sentAt\":1798761600000}}");

    assertThat(alone.body()).contains("\"timestamp_in_future\"");
    assertThat(sent.statusCode()).isEqualTo(204);
  }

  @Test
  void countsSoThatTheSumsHold() throws Exception {
    post("/v1/collect", "web-key", "[" + event(newId(), "") + ",{}]");

    assertThat(calls.metric("gateway_events_received_total"))
        .isPositive()
        .isEqualTo(
            calls.metric("gateway_events_accepted_total")
                + calls.metric("gateway_events_rejected_total")
                + calls.metric("gateway_events_unavailable_total"));
    assertThat(calls.metric("gateway_events_rejected_total{code=\"missing_field\"}")).isPositive();
    await()
        .untilAsserted(
            () ->
                assertThat(calls.metric("gateway_requests_total"))
                    .isPositive()
                    .isEqualTo(calls.metric("gateway_request_seconds_count")));
    await().untilAsserted(() -> assertThat(calls.metric("gateway_in_flight_bytes")).isZero());
  }

  @Test
  void refusesMoreThanItsMemoryMayHoldAndGivesItBack() throws Exception {
    List<Socket> halfSent = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Socket socket = new Socket("127.0.0.1", gateway.port());
      String head =
          "POST /v1/collect HTTP/1.1\r\nHost: a\r\nX-Write-Key: web-key\r\n"
              + "Content-Type: application/json\r\nContent-Length: 1048576\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      halfSent.add(socket);
    }
    await()
        .untilAsserted(
            () -> assertThat(calls.metric("gateway_in_flight_bytes")).isEqualTo(32 << 20));

    HttpResponse<String> beyond = post("/v1/collect", "web-key", event(newId(), ""));
    for (Socket socket : halfSent) {
      socket.close();
    }
    await().untilAsserted(() -> assertThat(calls.metric("gateway_in_flight_bytes")).isZero());

    assertProblem(
        beyond,
        503,
        "overloaded",
        "requests of 33555456 bytes wait to be stored; at most 33554432 may; send the same again");
    assertThat(beyond.headers().firstValue("retry-after")).hasValue("2");
    assertThat(post("/v1/collect", "web-key", event(newId(), "")).statusCode()).isEqualTo(204);
  }

  @Test
  void isAliveAndReady() throws Exception {
    assertThat(calls.get("/health/live").body()).isEqualTo("live\n");
    assertThat(calls.get("/health/ready").body()).isEqualTo("ready\n");
  }

  private static ConsumerRecord<byte[], byte[]> single(String topic, String id) {
    List<ConsumerRecord<byte[], byte[]>> found = all(topic, id);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(String topic, String id) {
    return broker.read(topic, PARTITIONS).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(id))
        .toList();
  }

  private static HttpResponse<String> post(String path, String key, String body) throws Exception {
    return calls.post(path, key, body == null ? "" : body);
  }

  private static HttpRequest.Builder json(String key) {
    return calls.json("/v1/collect", key);
  }

  static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
