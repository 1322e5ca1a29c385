package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.event.Envelope;
import io.millrace.gateway.access.WriteKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageITCase {
  private static final String RAW = "events.raw";
  private static final String DEAD = "events.dead-letter";
  private static final int PARTITIONS = 3;

  @TempDir Path folder;
  private EmbeddedBroker broker;
  private IngestGateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger ids = new AtomicInteger();

  @BeforeEach
  void startGatewayWithoutKafka() {
    broker = new EmbeddedBroker(folder);
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .deliveryTimeout(Duration.ofSeconds(3))
                .heartbeatAfter(Duration.ofMillis(300))
                .build(),
            presented ->
                Optional.of(new WriteKey("acme", presented, presented.equals("import"), false)),
            GeoLookup.NONE,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    gateway.close();
    broker.close();
  }

  @Test
  void answers503WithoutKafkaAndRecoversByItself() throws Exception {
    HttpResponse<String> away = post("a-0");
    HttpResponse<String> notReady = get("/health/ready");
    broker.start();
    broker.createTopics(PARTITIONS, RAW, DEAD);
    awaitReady();
    int there = post("a-1").statusCode();
    broker.stop();
    await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/ready").statusCode() == 503);
    HttpResponse<String> awayAgain = post("a-2");
    broker.start();
    awaitReady();
    await().atMost(Duration.ofSeconds(30)).until(() -> post("a-3").statusCode() == 204);

    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("retry-after")).hasValue("2");
    assertThat(away.body())
        .contains(
            "\"code\":\"unavailable\"",
            "the events could not be stored durably, none is accepted; send the same again");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(notReady.body()).contains("\"not_ready\"", "Kafka at " + broker.bootstrapServers());
    assertThat(there).isEqualTo(204);
    assertThat(awayAgain.statusCode()).isEqualTo(503);
    assertThat(ids()).contains("a-1", "a-3").doesNotContain("a-0", "a-2");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void answers503InEveryFormWhileKafkaIsAway() throws Exception {
    String event =
        "{\"event_type\":\"page_view\",\"timestamp\":1767225599000,\"visitor_id\":\"v\"}";
    String call = "{\"type\":\"page\",\"anonymousId\":\"v\",\"messageId\":\"m-1\"}";

    List<HttpResponse<String>> answers =
        List.of(
            get("/v1/pixel.gif?key=web&visitorId=v"),
            post("/api/track/view", "web", "application/json", event),
            post("/v1/segment/page", "web", "application/json", call),
            post("/v1/import", "import", "application/x-ndjson", event),
            post("/v1/import", "import", "text/csv", "eventType,timestamp,visitorId\nold,1,v\n"));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(503);
              assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
            });
  }

  @Test
  void namesATopicThatIsMissing() throws Exception {
    broker.start();
    broker.createTopics(PARTITIONS, RAW);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(get("/health/ready").body()).contains("UnknownTopicOrPartition"));
    assertThat(post("b-0").statusCode()).isEqualTo(503);
  }

  @Test
  void losesAndDoublesNothingThatItAcceptedWhileKafkaStopsAndStarts() throws Exception {
    broker.start();
    broker.createTopics(PARTITIONS, RAW, DEAD);
    awaitReady();
    Queue<String> accepted = new ConcurrentLinkedQueue<>();
    AtomicInteger refused = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService senders = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      senders.execute(() -> sendUntil(stop, accepted, refused));
    }

    await().until(() -> accepted.size() > 100);
    broker.stop();
    await().atMost(Duration.ofSeconds(30)).until(() -> refused.get() > 0);
    broker.start();
    int before = accepted.size();
    await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() > before + 100);
    stop.set(true);
    senders.shutdown();
    assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    assertThat(ids()).doesNotHaveDuplicates().containsAll(accepted);
  }

  @Test
  void writesHeartbeatsToSilentPartitionsAlsoAfterAnOutage() throws Exception {
    broker.start();
    broker.createTopics(PARTITIONS, RAW, DEAD);
    await().atMost(Duration.ofSeconds(30)).until(() -> partitionsWithHeartbeats(0) == PARTITIONS);
    broker.stop();
    long stopped = System.currentTimeMillis();
    broker.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> partitionsWithHeartbeats(stopped) == PARTITIONS);

    assertThat(broker.read(RAW, PARTITIONS))
        .allSatisfy(
            record -> {
              assertThat(record.key()).isNull();
              assertThat(record.value()).isNull();
              assertThat(record.headers().toArray()).hasSize(1);
            });
  }

  private long partitionsWithHeartbeats(long since) {
    return broker.read(RAW, PARTITIONS).stream()
        .filter(r -> Long.parseLong(EmbeddedBroker.header(r, Envelope.HEARTBEAT)) > since)
        .map(ConsumerRecord::partition)
        .distinct()
        .count();
  }

  private void sendUntil(AtomicBoolean stop, Queue<String> accepted, AtomicInteger refused) {
    while (!stop.get()) {
      String id = "c-" + ids.incrementAndGet();
      try {
        int status = post(id).statusCode();
        if (status == 204) {
          accepted.add(id);
        } else {
          assertThat(status).isEqualTo(503);
          refused.incrementAndGet();
        }
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("The gateway did not answer for " + id, e);
      }
    }
  }

  /** The ids of all events in the raw topic. */
  private List<String> ids() {
    return broker.read(RAW, PARTITIONS).stream()
        .filter(record -> record.value() != null)
        .map(record -> new String(record.value(), UTF_8).split("\"", 5)[3])
        .toList();
  }

  private void awaitReady() {
    await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/ready").statusCode() == 200);
  }

  private HttpResponse<String> post(String id) throws IOException, InterruptedException {
    String event =
        "{\"eventId\":\""
            + id
            + "\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\""
            + id
            + "\"}";
    return post("/v1/collect", "web", "application/json", event);
  }

  private HttpResponse<String> post(String path, String key, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body));
    return ApiContract.checked(client.send(request.build(), BodyHandlers.ofString()));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return ApiContract.checked(client.send(request(path).build(), BodyHandlers.ofString()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }
}
