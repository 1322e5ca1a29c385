package io.millrace.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to Kafka and says when it is durable.
 *
 * <p>{@code KafkaProducer.send} may block, for metadata or for memory. So one thread of its own
 * calls it, and the event loops of the HTTP server only put requests in its queue. The queue is
 * bounded by the memory budget that every request reserves before it gets here.
 */
final class EventSender implements AutoCloseable {
  private static final int MAX_BLOCK_MS = 500;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaHealth health;
  private final PartitionAcks acks;
  private final String rawTopic;
  private final String deadLetterTopic;
  private final Producer<byte[], byte[]> producer;
  private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();
  private final Delivery end = new Delivery(List.of(), this);
  private final Thread thread = new Thread(this::run, "gateway-sender");

  EventSender(GatewayOptions options, KafkaHealth health, PartitionAcks acks) {
    this.health = health;
    this.acks = acks;
    this.rawTopic = options.rawTopic();
    this.deadLetterTopic = options.deadLetterTopic();
    this.producer = new KafkaProducer<>(config(options));
    thread.setDaemon(true);
    thread.start();
  }

  private static Map<String, Object> config(GatewayOptions options) {
    int delivery = (int) options.deliveryTimeout().toMillis();
    int linger = (int) options.linger().toMillis();
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers()),
        Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "millrace-gateway"),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, linger),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024),
        // Twice the requests' budget: the producer allocates whole batches.
        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * options.maxInFlightBytes()),
        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery),
        Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, delivery / 2 - linger)),
        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS),
        Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500));
  }

  /** Makes the producer know the topics; throws when Kafka does not tell in time. */
  void loadMetadata() {
    producer.partitionsFor(rawTopic);
    producer.partitionsFor(deadLetterTopic);
  }

  /** Completes when Kafka has acknowledged every record, and fails when one could not be. */
  CompletableFuture<Void> send(List<ProducerRecord<byte[], byte[]>> records) {
    Delivery delivery = new Delivery(records, this);
    if (records.isEmpty()) {
      delivery.done().complete(null);
    } else {
      queue.add(delivery);
    }
    return delivery.done();
  }

  void acknowledged(RecordMetadata metadata) {
    health.acknowledged();
    if (metadata.topic().equals(rawTopic)) {
      acks.acknowledged(metadata.partition());
    }
  }

  private void run() {
    List<Delivery> taken = new ArrayList<>();
    boolean running = true;
    while (running) {
      try {
        taken.add(queue.take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      queue.drainTo(taken);
      for (Delivery delivery : taken) {
        if (delivery == end) {
          running = false;
        } else if (health.isAvailable()) {
          delivery.sendBy(producer);
        } else {
          // Else each would block for MAX_BLOCK_MS, one after the other.
          delivery.fail(new TimeoutException("Kafka is away"));
        }
      }
      taken.clear();
    }
  }

  /** Sends what is queued and waits for its acknowledgement. */
  @Override
  public void close() {
    queue.add(end);
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_TIMEOUT);
  }
}
