package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.Counter;
import io.millrace.domain.event.Envelope;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the time to every partition of the raw topic that has been silent, so that watermarks go
 * on and sessions close although nothing follows them.
 */
final class Heartbeats implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final GatewayOptions options;
  private final EventSender sender;
  private final KafkaHealth health;
  private final PartitionAcks acks;
  private final Clock clock;
  private final Counter written;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gateway-heartbeats");
            thread.setDaemon(true);
            return thread;
          });

  Heartbeats(
      GatewayOptions options,
      EventSender sender,
      KafkaHealth health,
      PartitionAcks acks,
      Clock clock,
      Counter written) {
    this.options = options;
    this.sender = sender;
    this.health = health;
    this.acks = acks;
    this.clock = clock;
    this.written = written;
  }

  void start() {
    long everyMs = Math.max(10, options.heartbeatAfter().toMillis() / 5);
    thread.scheduleWithFixedDelay(this::beatSafely, 0, everyMs, TimeUnit.MILLISECONDS);
  }

  /** A schedule ends with its first exception, and silent partitions would stop every session. */
  private void beatSafely() {
    try {
      beat();
    } catch (RuntimeException e) {
      LOG.error("Heartbeats failed and are tried again", e);
    }
  }

  private void beat() {
    // While events wait on disk, the time would run ahead of them and they would be late.
    if (!health.isAvailable() || sender.isSpooling()) {
      return;
    }
    acks.growTo(health.rawPartitions());
    Duration silence = options.heartbeatAfter();
    List<ProducerRecord<byte[], byte[]>> beats = new ArrayList<>();
    for (int partition = 0; partition < acks.partitions(); partition++) {
      if (acks.silentNanos(partition) >= silence.toNanos()) {
        byte[] now = Long.toString(clock.millis()).getBytes(US_ASCII);
        beats.add(
            new ProducerRecord<>(
                options.rawTopic(),
                partition,
                null,
                null,
                null,
                List.of(new RecordHeader(Envelope.HEARTBEAT, now))));
      }
    }
    if (!beats.isEmpty()) {
      // Waiting keeps a slow Kafka from collecting heartbeats; the sender's timeout ends it.
      sender
          .sendNowOrNever(beats)
          .handle(
              (done, failure) -> {
                if (failure == null) {
                  written.increment(beats.size());
                } else {
                  LOG.warn("{} heartbeats were not written: {}", beats.size(), failure.toString());
                }
                return null;
              })
          .join();
    }
  }

  /** Waits for a beat under way, so that it is not left behind in a sender that has stopped. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(options.deliveryTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
