package io.millrace.jobs.enrich;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.DeadLetter;
import io.millrace.jobs.kit.EarliestOrFail;
import io.millrace.jobs.kit.EventTypeInfo;
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

  public static Results define(DataStream<RawRecord> records, OwnHosts ownHosts) {
    SingleOutputStreamOperator<Event> events =
        records
            .process(new EnrichFunction(ownHosts), EventTypeInfo.INSTANCE)
            .name("Enrich")
            .uid("enrich/enrich");
    return new Results(events, events.getSideOutput(EnrichFunction.DEAD_LETTERS));
  }
}
