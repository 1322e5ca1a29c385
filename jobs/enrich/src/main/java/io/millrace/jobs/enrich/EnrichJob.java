package io.millrace.jobs.enrich;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import io.millrace.domain.ledger.LedgerStage;
import io.millrace.jobs.kit.DeadLetter;
import io.millrace.jobs.kit.EarliestOrFail;
import io.millrace.jobs.kit.EventTypeInfo;
import io.millrace.jobs.kit.LedgerCountOperator;
import io.millrace.jobs.kit.LedgerEntry;
import io.millrace.jobs.kit.LedgerReading;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Records of {@code events.raw} in; enriched events and dead letters out. */
public final class EnrichJob {
  /**
   * How far apart the events of one Kafka partition may be out of order before the later one counts
   * as late.
   */
  public static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(30);

  private EnrichJob() {}

  /** What the job gives. */
  public record Results(
      SingleOutputStreamOperator<Event> events, SideOutputDataStream<DeadLetter> deadLetters) {}

  /** The stream of {@code events.raw}, with watermarks per Kafka partition. */
  public static DataStream<RawRecord> source(
      StreamExecutionEnvironment env, String bootstrapServers, String topic, String groupId) {
    KafkaSource<RawRecord> source = source(bootstrapServers, topic, groupId, new RawRecordReader());
    WatermarkStrategy<RawRecord> watermarks =
        WatermarkStrategy.<RawRecord>forBoundedOutOfOrderness(OUT_OF_ORDERNESS)
            .withTimestampAssigner((record, kafkaTime) -> record.eventTime);
    return env.fromSource(source, watermarks, topic, Types.POJO(RawRecord.class))
        .uid("enrich/" + topic);
  }

  /** The stream of {@code events.dead-letter}: what the gateway refused. */
  public static DataStream<DeadLetter> refused(
      StreamExecutionEnvironment env, String bootstrapServers, String topic, String groupId) {
    return env.fromSource(
            source(bootstrapServers, topic, groupId, new RefusedReader()),
            WatermarkStrategy.noWatermarks(),
            topic,
            Types.POJO(DeadLetter.class))
        .uid("enrich/" + topic);
  }

  private static <T> KafkaSource<T> source(
      String bootstrapServers,
      String topic,
      String groupId,
      KafkaRecordDeserializationSchema<T> reader) {
    return KafkaSource.<T>builder()
        .setBootstrapServers(bootstrapServers)
        .setTopics(topic)
        .setGroupId(groupId)
        .setStartingOffsets(new EarliestOrFail())
        .setProperty("partition.discovery.interval.ms", "60000")
        .setDeserializer(reader)
        .build();
  }

  /** Counts the records of {@code events.raw} for the ledger. */
  public static DataStream<LedgerEntry> countReceived(DataStream<RawRecord> records) {
    return LedgerCountOperator.count(
        records, EnrichJob::received, "received", "enrich/count-received");
  }

  static void received(RawRecord record, LedgerReading.Counts counts) {
    String tenant = null;
    long receivedAt = record.eventTime;
    if (record.event != null) {
      tenant = record.event.tenant;
      receivedAt = record.event.receivedAt;
    } else if (record.deadLetter != null) {
      tenant = record.deadLetter.tenant;
      receivedAt = record.deadLetter.receivedAt;
    } else {
      counts.add(LedgerStage.HEARTBEAT, null, receivedAt);
    }
    counts.addRead(LedgerStage.RECEIVED, tenant, receivedAt, record.partition, record.appendedAt);
  }

  /** Counts dead letters for the ledger, those of the gateway apart. */
  public static DataStream<LedgerEntry> countDeadLetters(DataStream<DeadLetter> letters) {
    return LedgerCountOperator.count(
        letters,
        (letter, counts) ->
            counts.add(
                letter.stage.equals(DeadLetter.GATEWAY)
                    ? LedgerStage.REFUSED
                    : LedgerStage.DEAD_LETTER,
                letter.tenant,
                letter.receivedAt),
        "dead letters",
        "enrich/count-dead-letters");
  }

  public static Results define(DataStream<RawRecord> records, OwnHosts ownHosts) {
    SingleOutputStreamOperator<Event> events =
        records
            .process(new EnrichFunction(ownHosts), EventTypeInfo.INSTANCE)
            .name("Enrich")
            .uid("enrich/enrich");
    return new Results(events, events.getSideOutput(EnrichFunction.DEAD_LETTERS));
  }
}
