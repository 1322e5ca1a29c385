package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.util.concurrent.RateLimiter;
import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.KafkaProcess;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.pipeline.LakeReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Under load Kafka is killed and stays away, and when it is back the platform is killed: every
 * event that was acknowledged is in the lake, once.
 */
class KafkaOutageITCase {
  private static final int SENDERS = 4;
  private static final int EVENTS_PER_REQUEST = 5;
  private static final double REQUESTS_PER_SECOND = 50; // of each sender
  private static final Duration AWAY =
      Duration.ofSeconds(Long.getLong("millrace.test.outageSeconds", 20));
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Kept after a failure: it has the logs. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile URI collect;
  private volatile boolean stop;

  @Test
  void everyAcknowledgedEventIsInTheLakeOnce() throws Exception {
    Path data = folder.resolve("data");
    Path ledger = folder.resolve("ledger.txt");
    Path brokers = Files.createDirectory(folder.resolve("brokers"));
    try (KafkaProcess kafka = new KafkaProcess(brokers)) {
      List<String> options =
          List.of("--kafka", kafka.start(), "--checkpoint-interval", "5s", "--log-format", "json");
      try (ChildPlatform platform = new ChildPlatform(data, options)) {
        collect = platform.start().gateway().resolve("/v1/collect");
        String key = new RunningKeys(() -> new DataFolder(data)).liveKey(LocalKeys.DEFAULT_TENANT);
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        try (BufferedWriter book = Files.newBufferedWriter(ledger)) {
          for (int i = 0; i < SENDERS; i++) {
            senders.add(
                CompletableFuture.runAsync(() -> sendUntilStopped(key, book), this::thread));
          }
          awaitAcknowledged(500);

          kafka.kill();
          awaitKafkaAway();
          int before = acknowledged.get();
          await().pollDelay(AWAY).atMost(AWAY.plus(PATIENCE)).until(() -> true);
          int whileAway = acknowledged.get() - before;
          kafka.start();
          platform.kill(); // amid what the spool has to tell Kafka
          collect = platform.start().gateway().resolve("/v1/collect");
          awaitAcknowledged(500);
          stop = true;
          for (CompletableFuture<Void> sender : senders) {
            sender.get();
          }
          assertThat(whileAway).isGreaterThan(500);
        } finally {
          stop = true;
        }

        Set<String> promised = new HashSet<>(Files.readAllLines(ledger));
        assertThat(promised).hasSize(acknowledged.get());
        LakeReader lake = new LakeReader(platform.running().lake().catalog());
        await().atMost(PATIENCE).until(() -> Set.copyOf(stored(lake)).containsAll(promised));
        List<String> rows = stored(lake);
        assertThat(rows).hasSameSizeAs(Set.copyOf(rows));
        for (String line : Files.readAllLines(data.resolve("logs/millrace.log"))) {
          assertThat(new ObjectMapper().readTree(line).path("message").isTextual()).isTrue();
        }
      }
    }
  }

  private static List<String> stored(LakeReader lake) throws IOException {
    return lake.rows("events", "event_id").stream()
        .map(row -> (String) row.getField("event_id"))
        .toList();
  }

  private void thread(Runnable task) {
    Thread thread = new Thread(task, "sender");
    thread.setDaemon(true);
    thread.start();
  }

  private void sendUntilStopped(String key, BufferedWriter book) {
    RateLimiter rate = RateLimiter.create(REQUESTS_PER_SECOND);
    try {
      while (!stop) {
        rate.acquire();
        List<String> batch =
            IntStream.range(0, EVENTS_PER_REQUEST)
                .mapToObj(i -> "o-" + ids.incrementAndGet())
                .toList();
        if (send(key, batch)) {
          synchronized (book) {
            for (String id : batch) {
              book.write(id + "\n");
            }
          }
          acknowledged.addAndGet(batch.size());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write the ledger", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the events were acknowledged; a gateway that is killed has promised nothing. */
  private boolean send(String key, List<String> batch) throws InterruptedException {
    long now = System.currentTimeMillis();
    List<String> events =
        batch.stream()
            .map(
                id ->
                    "{\"eventId\":\"%s\",\"eventType\":\"page_view\",\"timestamp\":%d,\"visitorId\":\"v%d\"}"
                        .formatted(id, now, id.hashCode() % 50))
            .toList();
    HttpRequest request =
        HttpRequest.newBuilder(collect)
            .timeout(Duration.ofSeconds(20))
            .header("X-Write-Key", key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(events.toString()))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 204;
    } catch (IOException killed) {
      return false;
    }
  }

  private void awaitAcknowledged(int more) {
    int before = acknowledged.get();
    await().atMost(PATIENCE).until(() -> acknowledged.get() >= before + more);
  }

  private void awaitKafkaAway() {
    HttpRequest ready = HttpRequest.newBuilder(collect.resolve("/health/ready")).build();
    await()
        .atMost(PATIENCE)
        .until(() -> !client.send(ready, BodyHandlers.ofString()).body().equals("ready\n"));
  }
}
