package io.millrace.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Kafka can be written to, so that requests are refused at once when it cannot,
 * instead of waiting for a timeout each.
 */
final class KafkaHealth implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaHealth.class);
  private static final int PROBE_EVERY_MS = 500;
  private static final int PROBE_TIMEOUT_MS = 2000;

  /** An acknowledgement this young outweighs a probe that fails, as it may on a busy machine. */
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Admin admin;
  private final GatewayOptions options;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gateway-kafka-probe");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Runnable loadMetadata;
  private volatile String missing;
  private volatile int rawPartitions;
  private volatile long lastAck = System.nanoTime() - RECENT_NANOS;

  KafkaHealth(GatewayOptions options) {
    this.options = options;
    this.missing = "Kafka at " + options.bootstrapServers() + " has not answered yet";
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                options.bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PROBE_TIMEOUT_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PROBE_TIMEOUT_MS,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500));
  }

  /**
   * Starts to probe.
   *
   * @param loadMetadata makes the producer know the topics, so that no request waits for that;
   *     throws when it cannot
   */
  void start(Runnable loadMetadata) {
    this.loadMetadata = loadMetadata;
    thread.scheduleWithFixedDelay(this::probe, 0, PROBE_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  boolean isAvailable() {
    return missing == null || System.nanoTime() - lastAck < RECENT_NANOS;
  }

  /** What keeps the gateway from being ready, or empty. */
  Optional<String> missing() {
    return isAvailable() ? Optional.empty() : Optional.ofNullable(missing);
  }

  /** How many partitions the raw topic has; 0 until Kafka has answered once. */
  int rawPartitions() {
    return rawPartitions;
  }

  void acknowledged() {
    lastAck = System.nanoTime();
  }

  private void probe() {
    String found = findMissing();
    if (found == null && missing != null) {
      LOG.info("Kafka at {} is there", options.bootstrapServers());
    } else if (found != null && missing == null) {
      LOG.warn(
          "{}; {} until it is back",
          found,
          options.spool() == null
              ? "requests are answered 503"
              : "events wait in " + options.spool().folder());
    }
    missing = found;
  }

  private String findMissing() {
    try {
      Map<String, KafkaFuture<TopicDescription>> topics =
          admin
              .describeTopics(List.of(options.rawTopic(), options.deadLetterTopic()))
              .topicNameValues();
      for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : topics.entrySet()) {
        TopicDescription description =
            topic.getValue().get(PROBE_TIMEOUT_MS + 500, TimeUnit.MILLISECONDS);
        if (topic.getKey().equals(options.rawTopic())) {
          rawPartitions = description.partitions().size();
        }
      }
      loadMetadata.run();
      return null;
    } catch (ExecutionException e) {
      return notWritable(e.getCause());
    } catch (TimeoutException | RuntimeException e) {
      return notWritable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the gateway is closing";
    }
  }

  private String notWritable(Throwable cause) {
    return "Kafka at "
        + options.bootstrapServers()
        + " cannot be written to: "
        + cause.getClass().getSimpleName()
        + ": "
        + cause.getMessage();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    admin.close(Duration.ofSeconds(1));
  }
}
