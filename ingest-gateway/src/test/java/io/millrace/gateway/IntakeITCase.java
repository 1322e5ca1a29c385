package io.millrace.gateway;

import static io.millrace.gateway.GatewayCalls.assertProblem;
import static io.millrace.gateway.GatewayCalls.newId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.Envelope;
import io.millrace.gateway.access.KeyPolicy;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.intake.Json;
import io.millrace.gateway.intake.StripeSignature;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes beside {@code /v1/collect}, over HTTP. */
class IntakeITCase {
  private static final int PARTITIONS = 3;
  private static final long NOW = 1_767_225_600_000L;
  private static final String SECRET = "whsec_test";
  private static final Map<String, WriteKey> KEYS =
      Map.of(
          "web-key", new WriteKey("acme", "web", false, false),
          "stripe-key",
              new WriteKey(
                  "acme",
                  "stripe",
                  false,
                  false,
                  KeyPolicy.OPEN,
                  TenantSettings.DEFAULT.with("stripeWebhookSecret", SECRET)));

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static IngestGateway gateway;
  private static GatewayCalls calls;

  @BeforeAll
  static void start() throws Exception {
    broker = new EmbeddedBroker(folder);
    broker.start();
    broker.createTopics(PARTITIONS, "events.raw", "events.dead-letter");
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .heartbeatAfter(Duration.ofHours(1))
                .build(),
            presented -> Optional.ofNullable(KEYS.get(presented)),
            GeoLookup.NONE,
            Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    calls = new GatewayCalls(gateway);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> calls.get("/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
  }

  @AfterEach
  void theCountersAddUp() throws Exception {
    assertThat(calls.metric("gateway_events_received_total"))
        .isEqualTo(
            calls.metric("gateway_events_accepted_total")
                + calls.metric("gateway_events_rejected_total")
                + calls.metric("gateway_events_withheld_total"));
    assertThat(calls.metric("gateway_in_flight_bytes")).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/api/track/click, link_id, link_click, link",
    "/api/track/view, profile_id, page_view, profile"
  })
  void takesAClickOnALinkAndAViewOfAProfile(String path, String field, String type, String entity)
      throws Exception {
    String id = newId();

    HttpResponse<String> answer =
        calls.post(
            path,
            "web-key",
            "{\"" + field + "\":\"" + id + "\",\"metadata\":{\"session\":\"s1\"}}");

    assertThat(answer.statusCode()).isEqualTo(204);
    ConsumerRecord<byte[], byte[]> record = single(id);
    JsonNode event = Json.MAPPER.readTree(record.value());
    assertThat(new String(record.key(), UTF_8)).isEqualTo("acme|s1");
    assertThat(event.path("eventType").asText()).isEqualTo(type);
    assertThat(event.path("entityType").asText()).isEqualTo(entity);
    assertThat(event.path("timestamp").longValue()).isEqualTo(NOW);
    assertThat(event.path("eventId").asText()).hasSize(36);
  }

  @Test
  void refusesAClickOfNobody() throws Exception {
    HttpResponse<String> answer = calls.post("/api/track/click", "web-key", "{\"link_id\":\"l\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("visitorId is missing; eventId, eventType, timestamp and visitorId are required");
  }

  @Test
  void tellsOfEachEventOfABatchHowManyAreQueued() throws Exception {
    String id = newId();
    String event = "{\"event_id\":\"" + id + "\",\"event_type\":\"copy\",\"visitor_id\":\"v\"}";

    HttpResponse<String> good =
        calls.post("/analytics/collect/batch", "web-key", "[" + event + "]");
    HttpResponse<String> mixed =
        calls.post("/analytics/collect/batch", "web-key", "{\"events\":[" + event + ",1]}");
    HttpResponse<String> single = calls.post("/analytics/collect", "web-key", event);

    assertThat(good.statusCode()).isEqualTo(200);
    assertThat(good.body())
        .isEqualTo("{\"success\":true,\"queued\":1,\"accepted\":1,\"rejected\":[]}");
    assertThat(mixed.statusCode()).isEqualTo(200);
    assertThat(mixed.body())
        .startsWith("{\"success\":false,\"queued\":1,\"accepted\":1,\"rejected\":[{\"index\":1,");
    assertThat(single.statusCode()).isEqualTo(204);
    assertThat(stored("events.raw", id)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "[] []"})
  void refusesABodyThatIsNoJson(String body) throws Exception {
    assertProblem(
        calls.post("/analytics/collect", "web-key", body), 400, "malformed_json", "the body is");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "web-key, page_view, 200, -",
    "no-key, page_view, 401, unknown_write_key",
    "web-key, 9, 400, invalid_event_type"
  })
  void answersAnImageThatSaysWhatBecameOfTheEvent(String key, String type, int status, String code)
      throws Exception {
    String id = newId();

    HttpResponse<String> answer =
        calls.send(
            calls
                .request(
                    "/v1/pixel.gif?visitor_id=v&x=1&eventType="
                        + type
                        + "&eventId="
                        + id
                        + "&key="
                        + key)
                .header("Referer", "https://e.example/mail")
                .GET());

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("image/gif");
    assertThat(answer.headers().firstValue("content-length")).hasValue("43");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("millrace-code").orElse("-")).isEqualTo(code);
    assertThat(answer.body()).startsWith("GIF89a");
    if (status == 200) {
      JsonNode event = Json.MAPPER.readTree(single(id).value());
      assertThat(event.path("pageUrl").asText()).isEqualTo("https://e.example/mail");
      assertThat(event.has("key")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/segment/batch", "/v1/batch"})
  void takesABatchOfTheSegmentProtocolWithTheKeyAsUserName(String path) throws Exception {
    String id = newId();
    String credentials = Base64.getEncoder().encodeToString("web-key:".getBytes(UTF_8));

    HttpResponse<String> answer =
        calls.send(
            calls
                .request(path)
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"batch\":[{\"type\":\"track\",\"event\":\"Signed Up\",\"userId\":\"u1\","
                            + "\"messageId\":\""
                            + id
                            + "\"}]}")));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(new String(single(id).value(), UTF_8)).contains("\"eventType\":\"user_signup\"");
  }

  @Test
  void makesABillingEventOfAPaidInvoiceAndKnowsItAgain() throws Exception {
    String id = newId();
    String body = invoice(id, "invoice.paid");

    int first = stripe("stripe-key", body, NOW, SECRET, body).statusCode();
    int again = stripe("stripe-key", body, NOW - 300_000, SECRET, body).statusCode();

    assertThat(List.of(first, again)).containsExactly(204, 204);
    List<ConsumerRecord<byte[], byte[]>> records = stored("events.raw", id);
    assertThat(records).hasSize(2);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      JsonNode event = Json.MAPPER.readTree(record.value());
      // The three by which a duplicate is known.
      assertThat(new String(record.key(), UTF_8)).isEqualTo("acme|cus_1");
      assertThat(event.path("eventId").asText()).isEqualTo(id);
      assertThat(event.path("eventType").asText()).isEqualTo("billing_invoice_paid");
      assertThat(event.path("revenueCents").longValue()).isEqualTo(1900);
      assertThat(event.path("currency").asText()).isEqualTo("EUR");
      assertThat(EmbeddedBroker.header(record, Envelope.IP_PREFIX)).isNull();
      assertThat(EmbeddedBroker.header(record, Envelope.CATALOGUE_CODE)).isNull();
    }
  }

  @Test
  void countsAWebhookOfAnotherKind() throws Exception {
    String body = invoice(newId(), "charge.succeeded");

    HttpResponse<String> answer = stripe("stripe-key", body, NOW, SECRET, body);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(calls.metric("gateway_webhooks_ignored_total")).isEqualTo(1);
  }

  @Test
  void believesNoWebhookThatIsAlteredOldOrSignedByAnother() throws Exception {
    String id = newId();
    String body = invoice(id, "invoice.paid");
    String unfit = "no v1 of Stripe-Signature fits the body and the tenant's stripeWebhookSecret";

    assertProblem(
        stripe("stripe-key", body, NOW, SECRET, body.replace("1900", "9900")),
        400,
        "invalid_signature",
        unfit);
    assertProblem(
        stripe("stripe-key", body, NOW, "whsec_other", body), 400, "invalid_signature", unfit);
    assertProblem(
        stripe("stripe-key", body, NOW - 301_000, SECRET, body),
        400,
        "invalid_signature",
        "the webhook was signed 301 s away from now; at most 300 s are allowed");
    assertProblem(
        calls.post("/v1/webhooks/stripe", "stripe-key", body),
        400,
        "invalid_signature",
        "Stripe-Signature is missing; it has the form t=<epoch seconds>,v1=<hex>");
    assertProblem(
        stripe("web-key", body, NOW, SECRET, body),
        403,
        "webhook_not_configured",
        "tenant acme has no setting stripeWebhookSecret");
    assertThat(stored("events.raw", id)).isEmpty();
  }

  private static String invoice(String id, String type) {
    return "{\"id\":\""
        + id
        + "\",\"type\":\""
        + type
        + "\",\"created\":1767225500,\"data\":{\"object\":{\"id\":\"in_1\",\"customer\":\"cus_1\","
        + "\"amount_paid\":1900,\"currency\":\"eur\",\"attempt_count\":1}}}";
  }

  private static HttpResponse<String> stripe(
      String key, String signedBody, long signedAtMillis, String secret, String body)
      throws Exception {
    String time = Long.toString(signedAtMillis / 1000);
    String signature = StripeSignature.sign(time, signedBody.getBytes(UTF_8), secret);
    return calls.send(
        calls
            .request("/v1/webhooks/stripe?key=" + key)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Stripe-Signature", "t=" + time + ",v1=00,v1=" + signature)
            .POST(BodyPublishers.ofString(body)));
  }

  private static ConsumerRecord<byte[], byte[]> single(String id) {
    List<ConsumerRecord<byte[], byte[]>> records = stored("events.raw", id);
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> stored(String topic, String id) {
    return broker.read(topic, PARTITIONS).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(id))
        .toList();
  }
}
