package io.millrace.jobs.programs;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.VisitorKey;
import io.millrace.jobs.kit.EarliestOrFail;
import io.millrace.jobs.kit.EventTypeInfo;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Streams from one job to another through Kafka, exactly once: written in transactions that
 * checkpoints commit, and read when they are committed.
 *
 * @param kafka the brokers
 */
record Handover(String kafka) {
  /**
   * The longest that brokers allow unless told otherwise. A transaction that is older is undone,
   * though its checkpoint may be complete: so it is more than twice the timeout of a checkpoint and
   * the longest pause before a restart.
   */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

  void writeEvents(DataStream<Event> events, int partitions) {
    write(
        events,
        event -> VisitorKey.of(event.tenant, event.visitorId),
        Topics.EVENTS_ENRICHED,
        partitions);
  }

  void writeSessions(DataStream<SessionChange> changes, int partitions) {
    write(
        changes,
        change -> VisitorKey.of(change.session.tenant, change.session.visitorId),
        Topics.SESSIONS_CHANGES,
        partitions);
  }

  private <T> void write(
      DataStream<T> records, KeySelector<T, String> key, String topic, int partitions) {
    KafkaSink<HandoverRecord> sink =
        KafkaSink.<HandoverRecord>builder()
            .setBootstrapServers(kafka)
            .setRecordSerializer(new HandoverWriter(topic))
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            // Never another one, or what an earlier run left open blocks all readers for long.
            .setTransactionalIdPrefix("millrace-" + topic)
            .setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Long.toString(TRANSACTION_TIMEOUT.toMillis()))
            .setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")
            .setProperty(ProducerConfig.LINGER_MS_CONFIG, "20")
            .build();
    records
        .transform(
            "To " + topic,
            Types.POJO(HandoverRecord.class),
            new HandoverOperator<>(key, partitions))
        .uid("handover/to-" + topic)
        .sinkTo(sink)
        .name("Kafka: " + topic)
        .uid("handover/" + topic + "-kafka");
  }

  DataStream<Event> readEvents(StreamExecutionEnvironment env, String group) {
    return read(env, group, Topics.EVENTS_ENRICHED, HandoverReader.Kind.EVENTS)
        .flatMap(
            (record, out) -> {
              if (record.event != null) {
                out.collect(record.event);
              }
            },
            EventTypeInfo.INSTANCE)
        .name("Events")
        .uid("handover/events");
  }

  DataStream<SessionChange> readSessions(StreamExecutionEnvironment env, String group) {
    TypeInformation<SessionChange> type = Types.POJO(SessionChange.class);
    return read(env, group, Topics.SESSIONS_CHANGES, HandoverReader.Kind.SESSIONS)
        .flatMap(
            (record, out) -> {
              if (record.session != null) {
                out.collect(record.session);
              }
            },
            type)
        .name("Sessions")
        .uid("handover/sessions");
  }

  private DataStream<HandedOver> read(
      StreamExecutionEnvironment env, String group, String topic, HandoverReader.Kind kind) {
    KafkaSource<HandedOver> source =
        KafkaSource.<HandedOver>builder()
            .setBootstrapServers(kafka)
            .setTopics(topic)
            .setGroupId(group)
            .setStartingOffsets(new EarliestOrFail())
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setDeserializer(new HandoverReader(kind))
            .build();
    return env.fromSource(
            source,
            WatermarkStrategy.forGenerator(context -> new HandoverWatermarks()),
            topic,
            Types.POJO(HandedOver.class))
        .uid("handover/from-" + topic);
  }
}
