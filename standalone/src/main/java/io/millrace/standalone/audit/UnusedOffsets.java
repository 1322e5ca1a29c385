package io.millrace.standalone.audit;

import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.EventText;
import io.millrace.jobs.programs.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Asks Kafka what lies at offsets that nothing in the lake uses: heartbeats, or events that are
 * missing.
 */
final class UnusedOffsets implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final int MAX_EXAMPLES = 20;

  /** It costs less to read over so many records than to seek past them. */
  private static final long SEEK_BEYOND = 5_000;

  /** Offsets from (inclusive) to (exclusive). */
  record Range(long from, long to) {}

  /** What lies in the ranges. */
  record Found(long heartbeats, long forgotten, long missing, List<String> examples) {}

  private final KafkaConsumer<byte[], byte[]> consumer;

  UnusedOffsets(String bootstrap) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** First offset that Kafka still has. */
  long first(int partition) {
    TopicPartition topic = new TopicPartition(Topics.EVENTS_RAW, partition);
    return consumer.beginningOffsets(List.of(topic)).get(topic);
  }

  /**
   * Looks at the ranges, which are in ascending order and do not overlap.
   *
   * @throws IOException if Kafka does not give the records
   */
  Found look(int partition, List<Range> ranges) throws IOException {
    TopicPartition topic = new TopicPartition(Topics.EVENTS_RAW, partition);
    long kept = first(partition);
    List<Range> readable =
        ranges.stream()
            .map(range -> new Range(Math.max(range.from(), kept), range.to()))
            .filter(range -> range.from() < range.to())
            .toList();
    long all = ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
    long toRead = readable.stream().mapToLong(range -> range.to() - range.from()).sum();

    long heartbeats = 0;
    List<String> examples = new ArrayList<>();
    consumer.assign(List.of(topic));
    int current = 0;
    long position = Long.MIN_VALUE;
    while (current < readable.size()) {
      long from = readable.get(current).from();
      if (from - position > SEEK_BEYOND || position == Long.MIN_VALUE) {
        consumer.seek(topic, from);
      }
      List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(topic);
      if (records.isEmpty()) {
        throw new IOException(
            "Cannot check the offsets of events.raw: Kafka gave no record of partition "
                + partition
                + " from offset "
                + from
                + " within "
                + POLL.toSeconds()
                + " s");
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        while (current < readable.size() && record.offset() >= readable.get(current).to()) {
          current++;
        }
        if (current == readable.size()) {
          break;
        }
        if (record.offset() >= readable.get(current).from()) {
          if (record.headers().lastHeader(Envelope.HEARTBEAT) != null) {
            heartbeats++;
          } else if (examples.size() < MAX_EXAMPLES) {
            examples.add(describe(record));
          }
        }
      }
      position = records.get(records.size() - 1).offset() + 1;
      while (current < readable.size() && position >= readable.get(current).to()) {
        current++;
      }
    }
    return new Found(heartbeats, all - toRead, toRead - heartbeats, examples);
  }

  private static String describe(ConsumerRecord<byte[], byte[]> record) {
    String key =
        record.key() == null ? "no key" : "key " + new String(record.key(), StandardCharsets.UTF_8);
    return "partition "
        + record.partition()
        + ", offset "
        + record.offset()
        + ", "
        + EventText.shown(key);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
