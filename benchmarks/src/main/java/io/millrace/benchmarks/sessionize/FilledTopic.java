package io.millrace.benchmarks.sessionize;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.benchmarks.traffic.PlantedVisits;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.VisitorKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic as the gateway leaves it, in the order of event time, with known repetitions.
 *
 * @param records what was written, heartbeats not counted
 * @param duplicates how many of them repeat another
 */
record FilledTopic(PlantedVisits visits, long records, long duplicates) {
  /** 2024-03-01T00:00:00Z. */
  private static final long BEGINNING = 1_709_251_200_000L;

  private static final String TENANT = "local";

  /** A repetition follows its original after this many other events. */
  private static final int REPEATED_AFTER = 40;

  static FilledTopic fill(String bootstrap, String topic, int events, int visitors, long seed) {
    PlantedVisits visits = PlantedVisits.plant(events, visitors, seed);
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 * 1024,
            ProducerConfig.LINGER_MS_CONFIG,
            5);
    AtomicReference<Exception> failure = new AtomicReference<>();
    long duplicates = 0;
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
      Random random = new Random(seed);
      Deque<Integer> repeated = new ArrayDeque<>();
      for (int n = 0; n < events; n++) {
        producer.send(record(topic, visits, n), (at, e) -> keep(failure, e));
        if (random.nextInt(100) == 0) {
          repeated.add(n);
        }
        while (!repeated.isEmpty() && (repeated.peek() + REPEATED_AFTER <= n || n == events - 1)) {
          producer.send(record(topic, visits, repeated.remove()), (at, e) -> keep(failure, e));
          duplicates++;
        }
      }
      // As in live traffic: they let the last sessions close.
      byte[] end =
          Long.toString(BEGINNING + visits.at(events - 1) + 3 * 3_600_000L).getBytes(UTF_8);
      for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
        List<Header> heartbeat = List.of(new RecordHeader(Envelope.HEARTBEAT, end));
        producer.send(
            new ProducerRecord<>(topic, partition, null, null, null, heartbeat),
            (at, e) -> keep(failure, e));
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("Cannot fill " + topic, failure.get());
    }
    return new FilledTopic(visits, events + duplicates, duplicates);
  }

  private static void keep(AtomicReference<Exception> failure, Exception e) {
    if (e != null) {
      failure.compareAndSet(null, e);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, PlantedVisits visits, int n) {
    long at = BEGINNING + visits.at(n);
    int visitor = visits.visitor(n);
    byte[] arrived = Long.toString(at + 150).getBytes(UTF_8);
    List<Header> headers =
        List.of(
            new RecordHeader(Envelope.TENANT, TENANT.getBytes(UTF_8)),
            new RecordHeader(Envelope.RECEIVED_AT, arrived),
            new RecordHeader(Envelope.SENT_AT, Long.toString(at + 100).getBytes(UTF_8)),
            new RecordHeader(Envelope.IP_PREFIX, "192.0.2.0/24".getBytes(UTF_8)));
    byte[] key = VisitorKey.of(TENANT, EventJson.visitorId(visitor)).getBytes(UTF_8);
    return new ProducerRecord<>(
        topic, null, null, key, EventJson.event(0, n, visitor, at), headers);
  }
}
