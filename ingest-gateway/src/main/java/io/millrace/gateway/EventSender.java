package io.millrace.gateway;

import io.millrace.gateway.Delivery.Fallback;
import io.millrace.gateway.spool.Spool;
import io.millrace.gateway.spool.SpoolFullException;
import io.millrace.gateway.spool.SpoolReplay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to Kafka and says when it is durable; to the spool while Kafka is away, if there is one.
 *
 * <p>{@code KafkaProducer.send} may block, for metadata or for memory. So one thread of its own
 * calls it, and the event loops of the HTTP server only put requests in its queue. The queue is
 * bounded by the memory budget that every request reserves before it gets here.
 *
 * <p>Everything goes to the spool until it is empty again, so that no event overtakes an older one
 * of its visitor. For the same reason the first to be spooled are the requests that Kafka has not
 * acknowledged yet; what it had stored of them it then gets twice, and readers drop that.
 */
final class EventSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
  private static final int MAX_BLOCK_MS = 500;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaHealth health;
  private final PartitionAcks acks;
  private final String rawTopic;
  private final String deadLetterTopic;
  private final Producer<byte[], byte[]> producer;
  private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();

  /** Two that hold no records and only say something to the thread. */
  private final Delivery end = new Delivery(List.of(), Fallback.NONE, this);

  private final Delivery failed = new Delivery(List.of(), Fallback.NONE, this);
  private final Thread thread = new Thread(this::run, "gateway-sender");
  private final Spool spool;
  private final SpoolReplay replay;

  /** What was sent and may have to be spooled, in order; also some that has been answered. */
  private final Deque<Delivery> sent = new ArrayDeque<>();

  private boolean diskFails;

  /**
   * @param spool null when there is none; closed with the sender
   */
  EventSender(GatewayOptions options, KafkaHealth health, PartitionAcks acks, Spool spool) {
    this.health = health;
    this.acks = acks;
    this.rawTopic = options.rawTopic();
    this.deadLetterTopic = options.deadLetterTopic();
    this.producer = new KafkaProducer<>(config(options));
    this.spool = spool;
    this.replay =
        spool == null
            ? null
            : new SpoolReplay(spool, producer, health::isAvailable, this::acknowledged);
    thread.setDaemon(true);
    thread.start();
    if (replay != null) {
      replay.start();
    }
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

  /** Whether it is worth asking; says no only when the events could not be stored. */
  boolean takesEvents() {
    return (health.isAvailable() && !isSpooling()) || (spool != null && spool.hasRoom());
  }

  /** Whether events wait on disk. */
  boolean isSpooling() {
    return spool != null && !spool.isEmpty();
  }

  /** Completes when every record is durable, and fails when one could not be stored. */
  CompletableFuture<Void> send(List<ProducerRecord<byte[], byte[]>> records) {
    return send(new Delivery(records, Fallback.SPOOL, this));
  }

  /** Completes when Kafka has acknowledged every record; they never go to the spool. */
  CompletableFuture<Void> sendNowOrNever(List<ProducerRecord<byte[], byte[]>> records) {
    return send(new Delivery(records, Fallback.NONE, this));
  }

  private CompletableFuture<Void> send(Delivery delivery) {
    if (delivery.openRecords().isEmpty()) {
      delivery.succeed();
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

  /** Whether another way is tried for a delivery that Kafka did not take. */
  boolean spoolsAfter(Delivery delivery, Exception failure) {
    if (spool == null
        || delivery.fallback() == Fallback.NONE
        || !(failure instanceof RetriableException)) {
      return false;
    }
    queue.add(failed);
    return true;
  }

  private void run() {
    List<Delivery> taken = new ArrayList<>();
    while (!taken.contains(end)) {
      taken.clear();
      try {
        taken.add(queue.take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      queue.drainTo(taken);
      try {
        route(taken, !isSpooling() || replay.catchesUp());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void route(List<Delivery> taken, boolean spoolIsEmpty) {
    forgetAnswered();
    boolean direct = spoolIsEmpty;
    List<Delivery> spooled = new ArrayList<>();
    for (Delivery delivery : taken) {
      if (delivery == failed) {
        direct = false;
        moveSentTo(spooled);
      } else if (direct && health.isAvailable()) {
        delivery.sendBy(producer);
        if (spool != null && delivery.fallback() == Fallback.SPOOL) {
          sent.add(delivery);
        }
      } else if (spool != null && delivery.fallback() == Fallback.SPOOL) {
        direct = false;
        moveSentTo(spooled);
        spooled.add(delivery);
      } else {
        // Else each would block for MAX_BLOCK_MS, one after the other.
        delivery.fail(new TimeoutException("Kafka is away"));
      }
    }
    spool(spooled);
  }

  private void forgetAnswered() {
    while (!sent.isEmpty() && sent.peek().openRecords() == null) {
      sent.remove();
    }
  }

  private void moveSentTo(List<Delivery> spooled) {
    spooled.addAll(sent);
    sent.clear();
  }

  private void spool(List<Delivery> deliveries) {
    List<Delivery> written = new ArrayList<>();
    try {
      for (Delivery delivery : deliveries) {
        List<ProducerRecord<byte[], byte[]>> records = delivery.openRecords();
        if (records == null) {
          continue; // Kafka took it meanwhile
        }
        written.add(delivery);
        try {
          spool.write(records);
        } catch (SpoolFullException e) {
          delivery.fail(e);
        }
      }
      if (!written.isEmpty()) {
        spool.force();
        diskFails = false;
        written.forEach(Delivery::succeed);
      }
    } catch (IOException e) {
      if (!diskFails) {
        LOG.error("The spool cannot be written; requests are answered 503 until it can", e);
      }
      diskFails = true;
      deliveries.forEach(delivery -> delivery.fail(e));
    }
  }

  /** Sends or spools what is queued, and waits until it is durable. */
  @Override
  public void close() {
    queue.add(end);
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (replay != null) {
      replay.close();
    }
    producer.close(CLOSE_TIMEOUT);
    if (spool != null) {
      spool(List.copyOf(sent)); // what Kafka did not take before the producer gave up
      spool.close();
    }
  }
}
