package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills gateways in the middle of their work and looks for every event they had answered for. */
class KillITCase {
  private static final String RAW = "events.raw";
  private static final int PARTITIONS = 3;
  private static final int SENDERS = 8;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Kept after a failure: it has the logs of the gateways. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger ids = new AtomicInteger();

  /** The ids of all events that were answered 2xx. */
  private final Set<String> ledger = ConcurrentHashMap.newKeySet();

  private volatile int port;
  private volatile boolean stop;

  @Test
  void holdsEveryAcknowledgedEventAfterKillsWithAndWithoutKafka() throws Exception {
    Path spool = folder.resolve("spool");
    int acknowledgedWhileAway;
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try (EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"))) {
      broker.start();
      broker.createTopics(PARTITIONS, RAW, "events.dead-letter");
      String kafka = broker.bootstrapServers();

      try (GatewayProcess first = GatewayProcess.start(kafka, spool, folder)) {
        port = first.port();
        for (int i = 0; i < SENDERS; i++) {
          senders.execute(this::sendUntilStopped);
        }
        awaitAcknowledged(500);
        broker.stop();
        awaitKafkaAway();
        int before = ledger.size();
        awaitAcknowledged(500);
        acknowledgedWhileAway = ledger.size() - before;
        first.kill();
      }
      try (GatewayProcess second = GatewayProcess.start(kafka, spool, folder)) {
        port = second.port();
        awaitAcknowledged(500);
        broker.start();
        awaitAcknowledged(200);
        second.kill(); // maybe amid the replay
      }
      try (GatewayProcess third = GatewayProcess.start(kafka, spool, folder)) {
        port = third.port();
        awaitAcknowledged(200);
        stop = true;
        senders.shutdown();
        assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        await().atMost(SOON).until(() -> spoolBytes() == 0);
      }

      Set<String> stored =
          broker.read(RAW, PARTITIONS).stream()
              .filter(record -> record.value() != null)
              .map(record -> new String(record.value(), UTF_8).split("\"", 5)[3])
              .collect(Collectors.toSet());
      assertThat(acknowledgedWhileAway).isGreaterThanOrEqualTo(500);
      assertThat(ledger).hasSizeGreaterThan(1900);
      assertThat(stored).containsAll(ledger);
    } finally {
      stop = true;
      senders.shutdownNow();
    }
  }

  private void sendUntilStopped() {
    while (!stop) {
      String id = "k-" + ids.incrementAndGet();
      String event =
          "{\"eventId\":\""
              + id
              + "\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,\"visitorId\":\""
              + id
              + "\"}";
      try {
        HttpResponse<String> answer =
            client.send(
                request("/v1/collect")
                    .timeout(Duration.ofSeconds(20))
                    .header("X-Write-Key", "any")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(event))
                    .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() == 204) {
          ledger.add(id);
        }
      } catch (IOException killed) {
        Thread.onSpinWait(); // not acknowledged: it owes nobody anything
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void awaitAcknowledged(int more) {
    int before = ledger.size();
    await().atMost(SOON).until(() -> ledger.size() >= before + more);
  }

  private void awaitKafkaAway() {
    await().atMost(SOON).until(() -> !get("/health/ready").equals("ready\n"));
  }

  private double spoolBytes() throws Exception {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith("gateway_spool_bytes"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }
}
