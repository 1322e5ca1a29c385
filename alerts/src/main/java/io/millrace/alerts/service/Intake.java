package io.millrace.alerts.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.alerts.Acknowledgements;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.Outbox;
import io.millrace.alerts.Progress;
import io.millrace.alerts.RulesWatch;
import io.millrace.domain.alert.WindowFact;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the tenants' machines what the topics say. When time has moved, first the machines are kept
 * with what is to be sent, then the offsets: after a kill, records are told again, which changes
 * nothing.
 *
 * <p>All partitions are read by one, without the group's protocol: time is that of the slowest.
 */
final class Intake implements Work {
  static final String GROUP = "millrace-alerts";

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int ANSWER_MILLIS = 5_000;
  private static final int LONGEST_RECONNECT_MILLIS = 10_000;

  private final AlertTopics topics;
  private final RulesWatch rules;
  private final Connection connection;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RecordReader reader;
  private final TenantMachines machines;
  private final Acknowledgements acknowledgements;
  private final Progress progress;
  private final Counts counts;
  private final Marks marks = new Marks();
  private final Every lookAtPartitions = new Every(Duration.ofSeconds(30));
  private final Every lookAtAcknowledgements = new Every(Duration.ofSeconds(1));
  private final Every saySilence = new Every(Duration.ofMinutes(10));
  private Set<TopicPartition> partitions = Set.of();
  private long reachedMillis = Long.MIN_VALUE;

  /** Received = facts + marks + ignored + unusable. */
  record Counts(
      Counter received,
      Counter facts,
      Counter marks,
      Counter ignored,
      Counter unusable,
      Every say) {
    static Counts in(MeterRegistry metrics) {
      return new Counts(
          metrics.counter("alert_records_received_total"),
          metrics.counter("alert_records_facts_total"),
          metrics.counter("alert_records_marks_total"),
          metrics.counter("alert_records_ignored_total"),
          metrics.counter("alert_records_unusable_total"),
          new Every(Duration.ofMinutes(1)));
    }
  }

  private Intake(
      AlertServiceOptions options,
      RulesWatch rules,
      Connection connection,
      KafkaConsumer<byte[], byte[]> consumer,
      Clock clock,
      Counts counts) {
    this.topics = options.topics();
    this.rules = rules;
    this.connection = connection;
    this.consumer = consumer;
    this.reader = new RecordReader(clock);
    this.machines =
        new TenantMachines(new Outbox(connection, clock), TenantMachines.Time.OF_EVENTS, clock);
    this.acknowledgements = new Acknowledgements(connection, clock);
    this.progress = new Progress(connection);
    this.counts = counts;
    saySilence.isDue(); // so much later, for the first time
  }

  static Intake open(
      AlertServiceOptions options,
      AlertsDatabase database,
      RulesWatch rules,
      Clock clock,
      Counts counts)
      throws SQLException {
    Connection connection = database.connect();
    try {
      return new Intake(
          options, rules, connection, consumer(options.kafkaBootstrap()), clock, counts);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            ConsumerConfig.GROUP_ID_CONFIG, GROUP,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS,
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_MILLIS),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public Duration step() throws NotThereYetException, SQLException {
    if (lookAtPartitions.isDue()) {
      assign();
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    machines.follow(rules.snapshot());
    records.forEach(this::take);
    boolean acknowledged = lookAtAcknowledgements.isDue() && machines.tell(acknowledgements.all());

    OptionalLong complete = marks.completeUpTo(partitions);
    boolean moved = complete.isPresent() && complete.getAsLong() > reachedMillis;
    if (moved) {
      reachedMillis = complete.getAsLong();
    } else if (complete.isEmpty() && saySilence.isDue()) {
      LOG.info(
          "Alerts wait for the first mark in {} of {} partitions, such as {}",
          marks.unmarked(partitions).size(),
          partitions.size(),
          marks.unmarked(partitions).get(0));
    }
    if (moved || acknowledged) {
      machines.advance(reachedMillis);
    }
    if (moved) {
      progress.reach(Instant.ofEpochMilli(reachedMillis));
      consumer.commitSync();
    }
    return Duration.ZERO; // the poll has waited
  }

  /** Reads all partitions there are; those that are new, from their beginning. */
  private void assign() throws NotThereYetException {
    Set<TopicPartition> found = new HashSet<>();
    for (String topic : topics.all()) {
      List<PartitionInfo> ofTopic = consumer.partitionsFor(topic);
      if (ofTopic == null || ofTopic.isEmpty()) {
        throw new NotThereYetException("there is no topic " + topic + " yet");
      }
      ofTopic.forEach(one -> found.add(new TopicPartition(topic, one.partition())));
    }
    if (!found.equals(partitions)) {
      consumer.assign(found);
      partitions = found;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    counts.received().increment();
    try {
      if (record.key() == null) {
        marks.take(
            new TopicPartition(record.topic(), record.partition()), reader.mark(record.value()));
        counts.marks().increment();
        return;
      }
      Optional<? extends WindowFact> fact =
          record.topic().equals(topics.anomalies())
              ? Optional.of(reader.anomaly(record.value()))
              : reader.measure(record.value());
      boolean told = fact.isPresent() && machines.tell(fact.get());
      (told ? counts.facts() : counts.ignored()).increment();
    } catch (UnusableRecordException e) {
      counts.unusable().increment();
      if (counts.say().isDue()) {
        LOG.warn(
            "Record {} of {}-{} is of no use to alerts, {} so far: {}",
            record.offset(),
            record.topic(),
            record.partition(),
            (long) counts.unusable().count(),
            e.getMessage());
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      consumer.close();
    } finally {
      connection.close();
    }
  }
}
