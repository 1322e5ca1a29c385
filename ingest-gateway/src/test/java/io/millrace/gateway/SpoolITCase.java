package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.event.Envelope;
import io.millrace.gateway.spool.SpoolOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolITCase {
  private static final String RAW = "events.raw";
  private static final int PARTITIONS = 3;
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private EmbeddedBroker broker;
  private IngestGateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void startBoth() throws Exception {
    broker = new EmbeddedBroker(folder.resolve("kafka"));
    broker.start();
    broker.createTopics(PARTITIONS, RAW, "events.dead-letter");
    gateway = startGateway(64 << 20);
  }

  @AfterEach
  void stop() {
    gateway.close();
    broker.close();
  }

  private IngestGateway startGateway(long maxBytes) {
    return startGateway(maxBytes, Duration.ofMillis(5));
  }

  private IngestGateway startGateway(long maxBytes, Duration linger) {
    return IngestGateway.start(
        GatewayOptions.builder(broker.bootstrapServers())
            .linger(linger)
            .deliveryTimeout(Duration.ofSeconds(3))
            .heartbeatAfter(Duration.ofMillis(300))
            .maxBodyBytes(256 << 10)
            .spool(new SpoolOptions(folder.resolve("spool"), maxBytes))
            .build(),
        TestKeys.any(),
        GeoLookup.NONE,
        Clock.systemUTC());
  }

  @Test
  void takesEventsWhileKafkaIsAwayAndWritesThemWhenItIsBack() throws Exception {
    awaitDirect();
    stopBroker();
    long stopped = System.currentTimeMillis();

    HttpResponse<String> answer =
        post("[" + event("s-1", "ann", "") + ",{\"eventId\":\"bad\"}]", "traceparent", TRACE);
    HttpResponse<String> ready = get("/health/ready");
    boolean onDisk = metric("gateway_spool_bytes") > 0;
    long answered = System.currentTimeMillis();
    broker.start();
    awaitEmptySpool();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("{\"accepted\":1,\"rejected\":[{\"index\":1,");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body())
        .startsWith("ready, but Kafka at " + broker.bootstrapServers())
        .endsWith("; events wait on disk\n");
    assertThat(onDisk).isTrue();
    ConsumerRecord<byte[], byte[]> record = events().get(events().size() - 1);
    assertThat(new String(record.key(), UTF_8)).isEqualTo("acme|ann");
    assertThat(new String(record.value(), UTF_8)).isEqualTo(event("s-1", "ann", ""));
    assertThat(Long.parseLong(EmbeddedBroker.header(record, Envelope.RECEIVED_AT)))
        .isBetween(stopped, answered);
    assertThat(EmbeddedBroker.header(record, "traceparent")).isEqualTo(TRACE);
    assertThat(broker.read("events.dead-letter", PARTITIONS))
        .extracting(letter -> new String(letter.value(), UTF_8))
        .containsExactly("{\"eventId\":\"bad\"}");
    assertThat(metric("gateway_spool_records_total{what=\"written\"}")).isEqualTo(2);
    assertThat(metric("gateway_spool_records_total{what=\"replayed\"}")).isEqualTo(2);
    assertThat(metric("gateway_events_received_total"))
        .isEqualTo(
            metric("gateway_events_accepted_total")
                + metric("gateway_events_rejected_total")
                + metric("gateway_events_unavailable_total"));
    assertThat(segments()).isEmpty();
    post(event("s-2", "ann", ""));
    assertThat(metric("gateway_spool_records_total{what=\"written\"}")).isEqualTo(2);
  }

  @Test
  void keepsTheOrderOfEachVisitorAndHoldsHeartbeatsBackWhileEventsWait() throws Exception {
    awaitDirect();
    Queue<String> accepted = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> senders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String visitor = "v" + i;
      senders.add(CompletableFuture.runAsync(() -> sendUntil(stop, visitor, accepted)));
    }
    await().atMost(SOON).until(() -> accepted.size() > 200);

    broker.stop();
    awaitKafkaAway();
    long away = System.currentTimeMillis();
    int before = accepted.size();
    await().atMost(SOON).until(() -> accepted.size() > before + 200);
    long back = System.currentTimeMillis();
    broker.start();
    await()
        .atMost(SOON)
        .until(() -> metric("gateway_spool_bytes") == 0 && accepted.size() > before + 400);
    stop.set(true);
    senders.forEach(CompletableFuture::join);
    awaitEmptySpool();

    assertThat(accepted.size()).isGreaterThan(600);
    Map<String, Set<String>> byVisitor = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : events()) {
      byVisitor
          .computeIfAbsent(new String(record.key(), UTF_8), key -> new LinkedHashSet<>())
          .add(id(record));
    }
    for (int i = 0; i < 4; i++) {
      String visitor = "v" + i;
      List<String> ids = accepted.stream().filter(id -> id.startsWith(visitor + "-")).toList();
      assertThat(byVisitor.get("acme|" + visitor)).containsExactlyElementsOf(ids);
    }
    // No heartbeat of the time after the outage stands before an event of the time of it.
    assertThat(heartbeatsBeforeWaitingEvents(away, back)).isEmpty();
  }

  @Test
  void goesBackToKafkaAlthoughEventsNeverStopComing() throws Exception {
    gateway.close();
    // A round trip to Kafka is slow and one to the disk is not: when the last event of the spool
    // is acknowledged, others have always come meanwhile.
    gateway = startGateway(64 << 20, Duration.ofMillis(300));
    awaitDirect();
    stopBroker();
    Queue<String> accepted = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(() -> sendUntil(stop, "n", accepted));
    await().atMost(SOON).until(() -> accepted.size() > 20);

    broker.start();
    awaitEmptySpool();
    stop.set(true);
    sender.join();
    awaitEmptySpool();

    assertThat(events()).extracting(SpoolITCase::id).containsExactlyElementsOf(accepted);
  }

  @Test
  void answers503WhenTheSpoolIsFullAndTakesEventsAgainLater() throws Exception {
    awaitDirect();
    gateway.close();
    gateway = startGateway(1 << 20);
    awaitDirect();
    stopBroker();
    String large = ",\"properties\":{\"x\":\"" + "x".repeat(8000) + "\"}";
    List<String> accepted = new ArrayList<>();
    HttpResponse<String> answer = post(event("f-0", "f", large));
    while (answer.statusCode() == 204 && accepted.size() < 1000) {
      accepted.add("f-" + accepted.size());
      answer = post(event("f-" + accepted.size(), "f", large));
    }
    HttpResponse<String> notReady = get("/health/ready");
    HttpResponse<String> small = post(event("f-small", "f", ""));
    broker.start();
    awaitEmptySpool();
    HttpResponse<String> after = post(event("f-after", "f", ""));

    assertThat(accepted.size()).isBetween(100, 130);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(answer.body()).contains("\"code\":\"unavailable\"");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(small.statusCode()).isEqualTo(503);
    assertThat(after.statusCode()).isEqualTo(204);
    accepted.add("f-after");
    assertThat(events()).extracting(SpoolITCase::id).containsExactlyElementsOf(accepted);
  }

  @Test
  void answers503WhileTheDiskFailsAndTakesEventsOnceItWorks() throws Exception {
    awaitDirect();
    stopBroker();
    Path spool = folder.resolve("spool");
    Files.delete(spool.resolve("lock"));
    Files.delete(spool);

    HttpResponse<String> failing = post(event("d-1", "d", ""));
    Files.createDirectory(spool);
    int working = post(event("d-2", "d", "")).statusCode();
    broker.start();
    awaitEmptySpool();

    assertThat(failing.statusCode()).isEqualTo(503);
    assertThat(failing.headers().firstValue("retry-after")).hasValue("2");
    assertThat(working).isEqualTo(204);
    assertThat(events()).extracting(SpoolITCase::id).containsExactly("d-2");
    assertThat(metric("gateway_events_unavailable_total")).isEqualTo(1);
  }

  @Test
  void finishesWhatIsInFlightWhenItIsStoppedWhileKafkaIsAway() throws Exception {
    awaitDirect();
    broker.stop(); // and the gateway does not know it yet: the requests are on their way to Kafka
    List<CompletableFuture<HttpResponse<String>>> inFlight =
        IntStream.range(0, 50).mapToObj(i -> sendAsync(event("g-" + i, "g" + i, ""))).toList();
    await()
        .atMost(SOON)
        .until(
            () ->
                metric("gateway_in_flight_bytes") > 0
                    || inFlight.stream().allMatch(CompletableFuture::isDone));

    gateway.close();
    List<Integer> answers = inFlight.stream().map(one -> one.join().statusCode()).toList();
    broker.start();
    gateway = startGateway(64 << 20);
    awaitEmptySpool();

    assertThat(answers).hasSize(50).containsOnly(204);
    assertThat(events().stream().map(SpoolITCase::id).distinct())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 50).mapToObj(i -> "g-" + i).toList());
  }

  @Test
  void writesWhatAnEarlierGatewayHasLeftBeforeAnythingNew() throws Exception {
    awaitDirect();
    stopBroker();
    assertThat(post(event("h-1", "h", "")).statusCode()).isEqualTo(204);
    gateway.close();
    gateway = startGateway(64 << 20);

    int whileAway = post(event("h-2", "h", "")).statusCode();
    broker.start();
    awaitEmptySpool();
    int after = post(event("h-3", "h", "")).statusCode();

    assertThat(whileAway).isEqualTo(204);
    assertThat(after).isEqualTo(204);
    assertThat(events()).extracting(SpoolITCase::id).containsExactly("h-1", "h-2", "h-3");
  }

  private List<String> heartbeatsBeforeWaitingEvents(long away, long back) {
    Map<Integer, Long> lastWaiting = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : events()) {
      long received = Long.parseLong(EmbeddedBroker.header(record, Envelope.RECEIVED_AT));
      if (received >= away && received <= back) {
        lastWaiting.merge(record.partition(), record.offset(), Math::max);
      }
    }
    assertThat(lastWaiting).isNotEmpty();
    return broker.read(RAW, PARTITIONS).stream()
        .filter(record -> record.value() == null)
        .filter(beat -> beat.offset() < lastWaiting.getOrDefault(beat.partition(), -1L))
        .map(beat -> EmbeddedBroker.header(beat, Envelope.HEARTBEAT))
        .filter(time -> Long.parseLong(time) > away)
        .toList();
  }

  private void sendUntil(AtomicBoolean stop, String visitor, Queue<String> accepted) {
    AtomicInteger count = new AtomicInteger();
    try {
      while (!stop.get()) {
        String id = visitor + "-" + count.incrementAndGet();
        assertThat(post(event(id, visitor, "")).statusCode()).isEqualTo(204);
        accepted.add(id);
      }
    } catch (Exception e) {
      throw new IllegalStateException("The gateway did not answer", e);
    }
  }

  /** Ready without a spool in use. */
  private void awaitDirect() {
    await().atMost(SOON).until(() -> get("/health/ready").body().equals("ready\n"));
    awaitEmptySpool();
  }

  private void awaitEmptySpool() {
    await().atMost(SOON).until(() -> metric("gateway_spool_bytes") == 0);
  }

  private void stopBroker() {
    broker.stop();
    awaitKafkaAway();
  }

  private void awaitKafkaAway() {
    await().atMost(SOON).until(() -> !get("/health/ready").body().equals("ready\n"));
  }

  private List<ConsumerRecord<byte[], byte[]>> events() {
    return broker.read(RAW, PARTITIONS).stream().filter(one -> one.value() != null).toList();
  }

  private static String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), UTF_8).split("\"", 5)[3];
  }

  private List<String> segments() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("spool"))) {
      return files.map(Path::toString).filter(name -> name.endsWith(".spool")).toList();
    }
  }

  private static String event(String id, String visitor, String fields) {
    return "{\"eventId\":\""
        + id
        + "\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\""
        + visitor
        + "\""
        + fields
        + "}";
  }

  private double metric(String start) throws Exception {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest.Builder request = collect(body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> sendAsync(String body) {
    return client.sendAsync(collect(body).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder collect(String body) {
    return request("/v1/collect")
        .header("X-Write-Key", "any")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }
}
