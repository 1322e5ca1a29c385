package io.millrace.gateway;

import static io.millrace.gateway.GatewayCalls.assertProblem;
import static io.millrace.gateway.GatewayCalls.batch;
import static io.millrace.gateway.GatewayCalls.event;
import static io.millrace.gateway.GatewayCalls.newId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.event.Envelope;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.gateway.access.AllowedOrigins;
import io.millrace.gateway.access.KeyPolicy;
import io.millrace.gateway.access.Rate;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.TrustedProxies;
import io.millrace.gateway.access.WriteKey;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key allows, over HTTP. */
class AccessITCase {
  private static final int PARTITIONS = 3;
  private static final String SITE = "https://www.example.com";
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_767_225_600_000L), ZoneOffset.UTC);
  private static final TenantSettings SMALL = TenantSettings.DEFAULT.with("dailyEventQuota", "20");
  private static final Rate SLOW = new Rate(1, 5);

  private static final Map<String, WriteKey> KEYS =
      Map.of(
          "open-key", new WriteKey("acme", "open", false, false),
          "site-key", key("site", open(Set.of(), List.of(SITE, "https://*.example.net")), null),
          "views-key", key("views", open(Set.of("page_view", "click"), List.of()), null),
          "slow-key", key("slow", limited(SLOW, null), null),
          "stream-key", key("stream", limited(SLOW, null), null),
          "bulk-key", key("bulk", limited(null, SLOW), null),
          "quota-key", new WriteKey("small", "one", false, false, KeyPolicy.OPEN, SMALL),
          "quota-key-2", new WriteKey("small", "two", false, false, KeyPolicy.OPEN, SMALL));

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static IngestGateway gateway;
  private static GatewayCalls calls;

  private static WriteKey key(String name, KeyPolicy policy, TenantSettings settings) {
    return new WriteKey(
        "acme", name, false, false, policy, settings == null ? TenantSettings.DEFAULT : settings);
  }

  private static KeyPolicy open(Set<String> types, List<String> origins) {
    return new KeyPolicy(types, AllowedOrigins.of(origins), null, null);
  }

  private static KeyPolicy limited(Rate requests, Rate events) {
    return new KeyPolicy(Set.of(), AllowedOrigins.ALL, requests, events);
  }

  @BeforeAll
  static void start() throws Exception {
    broker = new EmbeddedBroker(folder);
    broker.start();
    broker.createTopics(PARTITIONS, "events.raw", "events.dead-letter");
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .heartbeatAfter(Duration.ofHours(1))
                .access(
                    new AccessOptions(
                        TrustedProxies.of(
                            List.of("127.0.0.1"), TrustedProxies.Header.X_FORWARDED_FOR),
                        new Rate(1, 20)))
                .build(),
            presented -> Optional.ofNullable(KEYS.get(presented)),
            GeoLookup.NONE,
            CLOCK);
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

  @ParameterizedTest(name = "{0} from {1}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          site-key, https://www.example.com,       204
          site-key, HTTPS://WWW.example.com,       204
          site-key, https://a.example.net,         204
          site-key, -,                             204
          site-key, https://example.com,           403
          site-key, http://www.example.com,        403
          site-key, https://www.example.com.evil.example, 403
          site-key, https://example.net,           403
          site-key, null,                          403
          open-key, https://anything.example,      204
          open-key, null,                          204
          no-key,   https://anything.example,      401
          """)
  void letsOnlyPagesOfTheKeySend(String key, String origin, int status) throws Exception {
    HttpRequest.Builder request =
        calls.json("/v1/collect", key).POST(BodyPublishers.ofString(event(newId(), "")));
    if (origin != null) {
      request.header("Origin", origin);
    }

    HttpResponse<String> answer = calls.send(request);

    assertThat(answer.statusCode()).isEqualTo(status);
    boolean readable = origin != null && status != 403;
    assertThat(answer.headers().firstValue("access-control-allow-origin"))
        .isEqualTo(readable ? Optional.of(origin) : Optional.empty());
    assertThat(answer.headers().firstValue("vary"))
        .isEqualTo(origin == null ? Optional.empty() : Optional.of("Origin"));
    assertThat(answer.headers().firstValue("access-control-allow-credentials")).isEmpty();
    if (status == 403) {
      assertProblem(
          answer,
          403,
          "origin_not_allowed",
          "pages of "
              + origin
              + " may not use key site of tenant acme; allowed are https://www.example.com,"
              + " https://*.example.net");
    }
  }

  @ParameterizedTest(name = "{0} from {1}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          /v1/collect,              https://www.example.com,  204
          /v1/collect,              https://evil.example,     204
          /v1/collect?key=site-key, https://www.example.com,  204
          /v1/collect?key=site-key, https://evil.example,     403
          /v1/collect?key=open-key, https://evil.example,     204
          /v1/collect?key=no-key,   https://www.example.com,  401
          /v1/collect,              -,                        405
          """)
  void answersABrowserThatAsks(String path, String origin, int status) throws Exception {
    HttpRequest.Builder request =
        calls
            .request(path)
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type");
    if (origin != null) {
      request.header("Origin", origin);
    }

    HttpResponse<String> answer = calls.send(request);

    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 204) {
      assertThat(answer.headers().allValues("access-control-allow-origin")).containsExactly(origin);
      assertThat(answer.headers().allValues("vary")).containsExactly("Origin");
      assertThat(answer.headers().firstValue("access-control-allow-methods")).hasValue("POST");
      assertThat(answer.headers().firstValue("access-control-allow-headers"))
          .hasValue(
              "Authorization, Content-Type, Content-Encoding, X-Write-Key, Traceparent, Tracestate");
      assertThat(answer.headers().firstValue("access-control-max-age")).hasValue("7200");
      assertThat(answer.headers().firstValue("access-control-allow-credentials")).isEmpty();
    } else {
      assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
  }

  @Test
  void refusesAnEventOfATypeThatTheKeyMayNotSendAndLeavesItsNeighboursAlone() throws Exception {
    String good = newId();
    String bad = newId();

    HttpResponse<String> answer =
        calls.post(
            "/v1/collect",
            "views-key",
            "[" + event(good, "") + "," + event(bad, "").replace("page_view", "purchase") + "]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"accepted\":1,\"rejected\":[{\"index\":1,\"eventId\":\""
                + bad
                + "\",\"code\":\"event_type_not_allowed\",\"message\":\"eventType is purchase; this"
                + " key may send click, page_view\"}]}");
    assertThat(stored("events.raw", good)).hasSize(1);
    assertThat(stored("events.raw", bad)).isEmpty();
    assertThat(stored("events.dead-letter", bad)).hasSize(1);
  }

  @Test
  void limitsTheRequestsOfAKeyOnWhateverPathAndConnection() throws Exception {
    long began = System.nanoTime();
    List<Integer> statuses =
        Stream.of(
                "/v1/collect",
                "/v1/collect?verbose=true",
                "/v1/collect?x=1",
                "/v1/collect?verbose=false",
                "/v1/collect?a#b",
                "/v1/collect?",
                "/v1/collect?1",
                "/v1/collect?2",
                "/v1/collect?3",
                "/v1/collect?4")
            .map(path -> status(path, "slow-key"))
            .toList();
    HttpResponse<String> limited = calls.post("/v1/collect", "slow-key", batch(1));
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();

    assertThat(statuses.stream().filter(status -> status != 429).count())
        .isBetween(5L, 6 + seconds);
    assertProblem(
        limited,
        429,
        "rate_limited",
        "key slow of tenant acme sends more requests than 1 per second (burst 5); send the same"
            + " again after 1 s");
    assertThat(limited.headers().firstValue("ratelimit-limit")).hasValue("5");
    assertThat(limited.headers().firstValue("ratelimit-remaining")).hasValue("0");
    assertThat(limited.headers().firstValue("ratelimit-reset")).hasValue("5");
    assertThat(limited.headers().firstValue("retry-after")).hasValue("1");
    assertThat(status("/v1/collect/", "slow-key")).isEqualTo(404);
    assertThat(status("/V1/Collect", "slow-key")).isEqualTo(404);
    assertThat(status("/v1/%63ollect", "slow-key")).isIn(404, 429);
    assertThat(status("/v1//collect", "slow-key")).isIn(404, 429);
    assertThat(status("/v1/collect;a=b", "slow-key")).isIn(404, 429);
  }

  @Test
  void theStreamsOfOneHttp2ConnectionShareTheLimit() throws Exception {
    GatewayCalls http2 = new GatewayCalls(gateway, HttpClient.Version.HTTP_2);
    http2.get("/health/live"); // upgrades the connection
    long began = System.nanoTime();

    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> http2.json("/v1/collect", "stream-key"))
            .limit(40)
            .map(request -> request.POST(BodyPublishers.ofString(batch(1))).build())
            .map(request -> http2.client().sendAsync(request, BodyHandlers.ofString()))
            .toList();
    long letIn = answers.stream().filter(answer -> answer.join().statusCode() == 204).count();
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();

    assertThat(answers).allMatch(answer -> answer.join().version() == HttpClient.Version.HTTP_2);
    assertThat(letIn).isBetween(5L, 6 + seconds);
  }

  @Test
  void limitsTheEventsOfAKeyWhateverTheirBatches() throws Exception {
    HttpResponse<String> large = calls.post("/v1/collect", "bulk-key", batch(60));
    HttpResponse<String> next = calls.post("/v1/collect", "bulk-key", batch(3));

    assertThat(large.statusCode()).isEqualTo(204);
    assertProblem(
        next,
        429,
        "rate_limited",
        "key bulk of tenant acme sends more events than 1 per second (burst 5); none of these 3 is"
            + " taken; send the same again after 5");
    assertThat(calls.metric("gateway_events_limited_total{code=\"rate_limited\"}")).isEqualTo(3);
  }

  @Test
  void allKeysOfATenantShareItsDailyQuotaOfStoredEvents() throws Exception {
    String refused = "[" + event(newId(), "") + ",{},{},{}]";

    HttpResponse<String> first = calls.post("/v1/collect", "quota-key", batch(17));
    HttpResponse<String> second = calls.post("/v1/collect", "quota-key-2", batch(5));
    HttpResponse<String> tooMany = calls.post("/v1/collect", "quota-key-2", refused);
    HttpResponse<String> last = calls.post("/v1/collect", "quota-key-2", "[{},{}]");
    HttpResponse<String> rest = calls.post("/v1/collect", "quota-key-2", batch(3));

    assertThat(first.statusCode()).isEqualTo(204);
    assertThat(first.headers().firstValue("ratelimit-limit")).hasValue("20");
    assertThat(first.headers().firstValue("ratelimit-remaining")).hasValue("3");
    assertThat(first.headers().firstValue("ratelimit-reset")).hasValue("86400");
    assertProblem(
        second,
        429,
        "quota_exceeded",
        "tenant small may send 20 events per UTC day and has sent 17; none of these 5 is taken; the"
            + " next day begins in 86400 s");
    assertThat(second.headers().firstValue("retry-after")).hasValue("86400");
    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(last.statusCode()).isEqualTo(400);
    assertThat(rest.statusCode()).isEqualTo(204);
    assertThat(calls.metric("gateway_events_limited_total{code=\"quota_exceeded\"}")).isEqualTo(9);
  }

  @Test
  void anAddressBehindATrustedProxyIsTheOneThatCountsAndIsStored() throws Exception {
    String id = newId();

    calls.send(
        calls
            .json("/v1/collect", "open-key")
            .header("X-Forwarded-For", "1.2.3.4, 198.51.100.9")
            .POST(BodyPublishers.ofString(event(id, ""))));

    assertThat(EmbeddedBroker.header(stored("events.raw", id).get(0), Envelope.IP_PREFIX))
        .isEqualTo("198.51.100.0/24");
  }

  @Test
  void anAddressThatSendsTooMuchIsTurnedAwayAndOthersAreNot() throws Exception {
    HttpResponse<String> abuse = null;
    for (int i = 0; i < 30; i++) {
      abuse = from("198.51.100.66", i % 2 == 0 ? "open-key" : "wrong-key");
    }
    HttpResponse<String> other = from("198.51.100.67", "open-key");

    assertProblem(
        abuse,
        429,
        "address_rate_limited",
        "address 198.51.100.66 sends more requests than 1 per second (burst 20); send the same"
            + " again after 1 s");
    assertThat(other.statusCode()).isEqualTo(204);
    assertThat(calls.metric("gateway_requests_denied_total{code=\"address_rate_limited\"}"))
        .isPositive();
  }

  @Test
  void countsSoThatTheSumsHold() throws Exception {
    calls.post("/v1/collect", "open-key", "[" + event(newId(), "") + ",{}]");
    calls.post("/v1/collect", "bulk-key", batch(60));
    calls.post("/v1/collect", "bulk-key", batch(4));
    calls.post("/v1/collect", "wrong-key", batch(4));

    assertThat(calls.metric("gateway_events_received_total"))
        .isPositive()
        .isEqualTo(
            calls.metric("gateway_events_accepted_total")
                + calls.metric("gateway_events_rejected_total")
                + calls.metric("gateway_events_limited_total")
                + calls.metric("gateway_events_unavailable_total"));
    assertThat(calls.metric("gateway_events_limited_total")).isPositive();
    assertThat(calls.metric("gateway_requests_denied_total{code=\"unknown_write_key\"}"))
        .isPositive();
  }

  private static int status(String path, String key) {
    try {
      return calls.post(path, key, batch(1)).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException("No answer on " + path, e);
    }
  }

  private static HttpResponse<String> from(String address, String key) throws Exception {
    return calls.send(
        calls
            .json("/v1/collect", key)
            .header("X-Forwarded-For", address)
            .POST(BodyPublishers.ofString(batch(1))));
  }

  private static List<ConsumerRecord<byte[], byte[]>> stored(String topic, String id) {
    return broker.read(topic, PARTITIONS).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(id))
        .toList();
  }
}
