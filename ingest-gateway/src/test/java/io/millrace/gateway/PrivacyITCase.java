package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.geo.Place;
import io.millrace.domain.tenant.TenantPolicy;
import io.millrace.gateway.access.DailyQuota;
import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.privacy.FileSaltStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tenants' policies do to requests, answers, records and counters. */
class PrivacyITCase {
  private static final int PARTITIONS = 3;
  private static final String RAW = "events.raw";
  private static final String DEAD = "events.dead-letter";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, TenantPolicy> POLICIES = new ConcurrentHashMap<>();

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static IngestGateway gateway;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A key is named {@code <tenant>-web}, {@code <tenant>-server} or {@code <tenant>-import}. */
  @BeforeAll
  static void start() throws Exception {
    broker = new EmbeddedBroker(folder.resolve("kafka"));
    broker.start();
    broker.createTopics(PARTITIONS, RAW, DEAD);
    policy("plain", "{}");
    policy("strict", "{\"catalogue\":{\"mode\":\"strict\",\"types\":{\"quiz\":{}}}}");
    policy("open", "{\"privacy\":{\"doNotTrack\":\"ignore\",\"globalPrivacyControl\":\"ignore\"}}");
    policy("consent", "{\"privacy\":{\"consent\":\"require_in_countries\"}}");
    policy("bare", "{\"privacy\":{\"visitors\":\"cookieless\",\"deniedProperties\":[\"secret\"]}}");
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .heartbeatAfter(Duration.ofHours(1))
                .build(),
            presented -> {
              String[] parts = presented.split("-");
              return Optional.of(
                  new WriteKey(
                      parts[0], parts[1], parts[1].equals("import"), parts[1].equals("server")));
            },
            new DailyQuota(),
            address ->
                address.getHostAddress().equals("198.51.100.77")
                    ? Optional.of(new Place("NZ", null, null))
                    : Optional.empty(),
            POLICIES::get,
            new FileSaltStore(folder.resolve("salts")),
            Clock.fixed(Instant.ofEpochMilli(GatewayITCase.NOW), ZoneOffset.UTC));
    HttpClient probe = HttpClient.newHttpClient();
    HttpRequest ready = HttpRequest.newBuilder(uri("/health/ready")).build();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> probe.send(ready, BodyHandlers.discarding()).statusCode() == 200);
  }

  private static void policy(String tenant, String json) throws Exception {
    POLICIES.put(tenant, JSON.readValue(json, TenantPolicy.class));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
  }

  @AfterEach
  void countsAddUp() throws Exception {
    assertThat(metric("gateway_events_received_total"))
        .isPositive()
        .isEqualTo(
            metric("gateway_events_accepted_total")
                + metric("gateway_events_rejected_total")
                + metric("gateway_events_withheld_total")
                + metric("gateway_events_unavailable_total"));
  }

  @ParameterizedTest
  @CsvSource({
    "plain-web, DNT, dnt, true",
    "plain-web, Sec-GPC, gpc, true",
    "open-web, DNT, dnt, false",
    "open-web, Sec-GPC, gpc, false",
    "plain-server, DNT, dnt, false"
  })
  void withholdsAWholeRequestWhenTheBrowserAsksForIt(
      String key, String header, String reason, boolean withheld) throws Exception {
    String good = GatewayCalls.newId();
    String bad = GatewayCalls.newId();
    double before = metric("gateway_events_withheld_total{reason=\"" + reason + "\"}");

    HttpResponse<String> answer =
        post(key, "[" + event(good, "") + ",{\"eventId\":\"" + bad + "\"}]", header, "1");

    double counted = metric("gateway_events_withheld_total{reason=\"" + reason + "\"}") - before;
    assertThat(counted).isEqualTo(withheld ? 2 : 0);
    assertThat(answer.statusCode()).isEqualTo(withheld ? 204 : 200);
    assertThat(all(RAW, good)).hasSize(withheld ? 0 : 1);
    assertThat(all(DEAD, bad)).hasSize(withheld ? 0 : 1);
  }

  @Test
  void withholdsEventsWithoutConsentAndTakesTheirNeighbours() throws Exception {
    String given = GatewayCalls.newId();
    String refused = GatewayCalls.newId();
    String missing = GatewayCalls.newId();
    String broken = GatewayCalls.newId();
    double before = metric("gateway_events_withheld_total{reason=\"consent_missing\"}");

    HttpResponse<String> answer =
        post(
            "consent-web",
            "["
                + String.join(
                    ",",
                    event(given, ",\"consent\":\"necessary,analytics\""),
                    event(refused, ",\"consent\":\"necessary\""),
                    event(missing, ""),
                    "{\"eventId\":\"" + broken + "\"}")
                + "]",
            "X-Verbose",
            "no");
    HttpResponse<String> elsewhere =
        post("consent-server", event(missing, ",\"ip\":\"198.51.100.77\""), "X-Verbose", "no");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(elsewhere.statusCode()).isEqualTo(204);
    assertThat(metric("gateway_events_withheld_total{reason=\"consent_missing\"}") - before)
        .isEqualTo(2);
    assertThat(all(RAW, given)).hasSize(1);
    assertThat(all(RAW, refused)).isEmpty();
    assertThat(all(RAW, missing)).as("the one from New Zealand").hasSize(1);
    assertThat(all(DEAD, broken)).isEmpty();
  }

  @Test
  void saysHowManyEventsItWithheldWhenAsked() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("plain-web", "/v1/collect?verbose=true")
                .header("DNT", "1")
                .POST(BodyPublishers.ofString("[" + event("x", "") + "]"))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"accepted\":0,\"rejected\":[],\"withheld\":1}");
  }

  @Test
  void marksAndCountsWhatALenientTenantsCatalogueDoesNotKnow() throws Exception {
    String unknown = GatewayCalls.newId();
    String other = GatewayCalls.newId();
    String known = GatewayCalls.newId();
    double before = metric("gateway_events_flagged_total");

    post(
        "plain-web",
        "["
            + event(unknown, "").replace("page_view", "quiz")
            + ","
            + event(other, ",\"properties\":{\"cls\":\"ann@example.org\",\"x\":\"/?token=a\"}")
            + ","
            + event(known, ",\"properties\":{\"cls\":0.1}")
            + "]",
        "X-Verbose",
        "no");

    ConsumerRecord<byte[], byte[]> unknownRecord = single(RAW, unknown);
    ConsumerRecord<byte[], byte[]> otherRecord = single(RAW, other);
    assertThat(header(unknownRecord, Envelope.CATALOGUE_CODE)).isEqualTo("unknown_event_type");
    assertThat(header(unknownRecord, Envelope.CATALOGUE_MESSAGE))
        .startsWith("eventType is \"quiz\", which is not in the catalogue; give one of its ");
    assertThat(header(otherRecord, Envelope.CATALOGUE_CODE)).isEqualTo("property_invalid");
    assertThat(header(otherRecord, Envelope.CATALOGUE_MESSAGE))
        .isEqualTo("properties.cls is \"(email)\"; page_view takes a number");
    assertThat(header(single(RAW, known), Envelope.CATALOGUE_CODE)).isNull();
    assertThat(metric("gateway_events_flagged_total") - before).isEqualTo(2);
  }

  @Test
  void refusesWhatAStrictTenantsCatalogueDoesNotKnow() throws Exception {
    String unknown = GatewayCalls.newId();
    String other = GatewayCalls.newId();
    String own = GatewayCalls.newId();

    HttpResponse<String> answer =
        post(
            "strict-web",
            "["
                + event(unknown, "").replace("page_view", "poll")
                + ","
                + event(other, ",\"properties\":{\"cls\":true}")
                + ","
                + event(own, "").replace("page_view", "quiz")
                + "]",
            "X-Verbose",
            "no");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"code\":\"unknown_event_type\",\"message\":\"eventType is \\\"poll\\\", which is not",
            "\"eventId\":\"" + other + "\",\"code\":\"property_invalid\"",
            "properties.cls is true; page_view takes a number");
    assertThat(single(RAW, own)).isNotNull();
    assertThat(all(RAW, unknown)).isEmpty();
    assertThat(header(single(DEAD, unknown), "code")).isEqualTo("unknown_event_type");
    assertThat(header(single(DEAD, other), "code")).isEqualTo("property_invalid");
  }

  @Test
  void scrubsEventsImportsAndDeadLetters() throws Exception {
    String web = GatewayCalls.newId();
    String imported = GatewayCalls.newId();
    String dead = GatewayCalls.newId();
    String secret = ",\"pageUrl\":\"https://a.example/?token=s3cret&utm_source=x\"";
    double before = metric("gateway_events_redacted_total");

    post("plain-web", event(web, secret), "X-Verbose", "no");
    post("plain-import", event(imported, secret), "X-Verbose", "no");
    HttpResponse<String> refused =
        post(
            "plain-web",
            "{\"eventId\":\"" + dead + "\",\"eventType\":\"/?token=s3cret\"" + secret + "}",
            "X-Verbose",
            "no");

    String kept = ",\"pageUrl\":\"https://a.example/?token=(removed)&utm_source=x\"";
    assertThat(text(single(RAW, web))).isEqualTo(event(web, kept));
    assertThat(text(single(RAW, imported))).isEqualTo(event(imported, kept));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(text(single(DEAD, dead))).doesNotContain("s3cret").contains(kept);
    assertThat(header(single(DEAD, dead), "message")).doesNotContain("s3cret");
    assertThat(metric("gateway_events_redacted_total") - before).isEqualTo(3);
  }

  @Test
  void namesVisitorsWithoutCookies() throws Exception {
    String first = GatewayCalls.newId();
    String second = GatewayCalls.newId();
    String server = GatewayCalls.newId();
    String spoken = GatewayCalls.newId();
    String imported = GatewayCalls.newId();
    String page = ",\"pageUrl\":\"https://www.acme.org/\"";

    post(
        "bare-web",
        event(first, ",\"sessionId\":\"s\",\"secret\":1" + page).replace("v1", "mine"),
        "Origin",
        "https://acme.org");
    HttpResponse<String> without =
        post(
            "bare-web",
            event(second, "").replace(",\"visitorId\":\"v1\"", ""),
            "Origin",
            "https://shop.acme.org");
    post("bare-server", event(server, ",\"ip\":\"198.51.100.77\"" + page), "X-Verbose", "no");
    post("bare-server", event(spoken, ""), "X-Verbose", "no");
    post("bare-import", event(imported, ""), "X-Verbose", "no");
    HttpResponse<String> nobody =
        post("bare-server", event("x", "").replace(",\"visitorId\":\"v1\"", ""), "X-Verbose", "no");

    String visitor = visitor(single(RAW, first));
    assertThat(without.statusCode()).isEqualTo(204);
    assertThat(visitor).hasSize(22);
    assertThat(text(single(RAW, first)))
        .isEqualTo(event(first, ",\"sessionId\":null" + page).replace("v1", visitor));
    assertThat(visitor(single(RAW, second))).isEqualTo(visitor);
    assertThat(visitor(single(RAW, server))).hasSize(22).isNotEqualTo(visitor);
    assertThat(visitor(single(RAW, spoken))).isEqualTo("v1");
    assertThat(visitor(single(RAW, imported))).isEqualTo("v1");
    assertThat(nobody.body())
        .contains(
            "visitorId is missing, and so is the visitor's address; give one of visitorId and ip");
  }

  @Test
  void usesAChangedPolicyForTheNextRequest() throws Exception {
    policy("changing", "{}");
    String lenient = GatewayCalls.newId();
    HttpResponse<String> before =
        post("changing-web", event(lenient, "").replace("page_view", "quiz"), "X-Verbose", "no");

    policy("changing", "{\"catalogue\":{\"mode\":\"strict\"}}");
    HttpResponse<String> after =
        post("changing-web", event(lenient, "").replace("page_view", "quiz"), "X-Verbose", "no");

    assertThat(before.statusCode()).isEqualTo(204);
    assertThat(after.statusCode()).isEqualTo(400);
  }

  /** The visitor in the key, which is the one that every later stage reads in the value. */
  private static String visitor(ConsumerRecord<byte[], byte[]> record) throws Exception {
    Envelope envelope =
        new Envelope("bare", GatewayITCase.NOW, null, true, null, null, null, null, null);
    String inValue = new EventReader().read(record.value(), envelope).visitorId;

    assertThat(new String(record.key(), UTF_8)).isEqualTo("bare|" + inValue);
    return inValue;
  }

  private static String event(String id, String fields) {
    return GatewayCalls.event(id, fields);
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return EmbeddedBroker.header(record, name);
  }

  private static ConsumerRecord<byte[], byte[]> single(String topic, String id) {
    List<ConsumerRecord<byte[], byte[]>> found = all(topic, id);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(String topic, String id) {
    return broker.read(topic, PARTITIONS).stream()
        .filter(record -> text(record).contains(id))
        .toList();
  }

  private HttpResponse<String> post(String key, String body, String header, String value)
      throws Exception {
    return client.send(
        request(key, "/v1/collect")
            .header(header, value)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String key, String path) {
    return HttpRequest.newBuilder(uri(path))
        .header("X-Write-Key", key)
        .header("Content-Type", "application/json");
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  /** The sum over all series whose name (and labels) start so. */
  private double metric(String start) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
