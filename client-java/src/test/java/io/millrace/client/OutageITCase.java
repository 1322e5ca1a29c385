package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.EmbeddedBroker;
import io.millrace.gateway.GatewayOptions;
import io.millrace.gateway.GeoLookup;
import io.millrace.gateway.IngestGateway;
import io.millrace.gateway.access.WriteKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the real gateway and a real broker, both of which go away and come back. */
class OutageITCase {
  private static final String RAW = "events.raw";
  private static final String DEAD = "events.dead-letter";
  private static final int PARTITIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private static final int VISITORS = 4;
  private static final int EVENTS_OF_ONE = 1_000;
  private static final int EVENTS_OF_ALL = VISITORS * EVENTS_OF_ONE;

  private final Heard heard = new Heard();
  private final Set<String> tracked = new ConcurrentSkipListSet<>();
  private EmbeddedBroker broker;
  private IngestGateway gateway;
  private MillraceClient client;

  @BeforeEach
  void start() throws Exception {
    broker = new EmbeddedBroker(folder);
    broker.start();
    broker.createTopics(PARTITIONS, RAW, DEAD);
    gateway = gateway(0);
    client =
        MillraceClient.start(
            ClientOptions.builder(URI.create("http://127.0.0.1:" + gateway.port()), "server-key")
                .linger(Duration.ofMillis(20))
                .longestPause(Duration.ofSeconds(1))
                .build(),
            heard);
  }

  @AfterEach
  void stop() {
    client.close(Duration.ZERO);
    gateway.close();
    broker.close();
  }

  @Test
  void losesNothingWhileKafkaAndTheGatewayGoAwayAndComeBack() throws Exception {
    List<Thread> visitors = startVisitors();
    awaitDelivered(1);
    broker.stop(); // while they track
    join(visitors);
    join(startVisitors()); // into the outage
    awaitOutage();
    broker.start();
    awaitDelivered(2 * EVENTS_OF_ALL);

    visitors = startVisitors();
    awaitDelivered(2 * EVENTS_OF_ALL + 1);
    int port = gateway.port();
    gateway.close();
    join(visitors);
    join(startVisitors());
    awaitOutage();
    gateway = gateway(port);
    List<String> left = client.close(PATIENCE);

    assertThat(left).isEmpty();
    assertThat(ids(stored())).isEqualTo(new TreeSet<>(tracked));
    ClientStats stats = client.stats();
    assertThat(tracked).hasSize(4 * EVENTS_OF_ALL);
    assertThat(stats.delivered()).isEqualTo(4 * EVENTS_OF_ALL);
    assertThat(stats.rejected()).isZero();
    assertThat(stats.droppedTotal()).isZero();
  }

  @Test
  void theVisitorsAddressCountsAndARefusedEventIsTold() {
    client.track(
        MillraceEvent.builder("click", "ann")
            .eventId("good")
            .entity("link", "abc")
            .ip("203.0.113.77")
            .userAgent("Browser/1.0 😀")
            .build());
    client.track(MillraceEvent.builder("click", "ann").eventId("bad").entity("link", null).build());
    client.track(MillraceEvent.builder("Not A Type", "ann").eventId("worse").build());

    await().atMost(PATIENCE).until(() -> heard.refused.size() == 2);
    awaitDelivered(1);

    assertThat(heard.refused)
        .containsExactly(
            new RefusedEvent(
                "bad",
                "entity_incomplete",
                "entityType is given without entityId; give both or neither"),
            new RefusedEvent(
                "worse",
                "invalid_event_type",
                "eventType is \"Not A Type\"; it starts with a letter a-z and goes on with a-z,"
                    + " 0-9, _ and ."));
    ConsumerRecord<byte[], byte[]> record = broker.read(RAW, PARTITIONS).get(0);
    assertThat(EmbeddedBroker.header(record, "ip_prefix")).isEqualTo("203.0.113.0/24");
    assertThat(EmbeddedBroker.header(record, "sent_at")).isNotNull();
    assertThat(stored().get(0).path("userAgent").asText()).isEqualTo("Browser/1.0 😀");
    assertThat(stored().get(0).path("ip").isNull()).isTrue();
  }

  private IngestGateway gateway(int port) {
    return IngestGateway.start(
        GatewayOptions.builder(broker.bootstrapServers())
            .port(port)
            .deliveryTimeout(Duration.ofSeconds(3))
            .heartbeatAfter(Duration.ofHours(1))
            .build(),
        presented -> Optional.of(new WriteKey("acme", "server", false, true)),
        GeoLookup.NONE,
        Clock.systemUTC());
  }

  /** Several threads that each track many events without pause. */
  private List<Thread> startVisitors() {
    List<Thread> visitors =
        IntStream.range(0, VISITORS)
            .mapToObj(i -> new Thread(() -> trackMany("visitor-" + i)))
            .toList();
    visitors.forEach(Thread::start);
    return visitors;
  }

  private void trackMany(String visitor) {
    for (int i = 0; i < EVENTS_OF_ONE; i++) {
      MillraceEvent event = MillraceEvent.builder("page_view", visitor).build();
      client.track(event);
      tracked.add(event.eventId());
    }
  }

  private static void join(List<Thread> visitors) throws InterruptedException {
    for (Thread visitor : visitors) {
      visitor.join();
    }
  }

  private void awaitDelivered(long events) {
    await().atMost(PATIENCE).until(() -> client.stats().delivered() >= events);
  }

  private void awaitOutage() {
    await().atMost(PATIENCE).until(() -> client.stats().circuit() == CircuitState.OPEN);
  }

  private List<JsonNode> stored() {
    return broker.read(RAW, PARTITIONS).stream()
        .filter(record -> record.value() != null)
        .map(record -> parse(new String(record.value(), UTF_8)))
        .toList();
  }

  private static Set<String> ids(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.path("eventId").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("Kafka holds no JSON: " + json, e);
    }
  }
}
