package io.millrace.jobs.programs;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A topic with news for other programs than Flink's. At least once: what comes twice has the same
 * key and revision, and so is no news.
 *
 * @param kafka the brokers
 * @param name a topic that exists
 */
record NewsTopic(String kafka, String name) {
  /** Writes records and marks that say up to when all of them are there. */
  <T> void write(DataStream<T> records, NewsForm<T> form) {
    records
        .transform(
            "To " + name, Types.POJO(HandoverRecord.class), new NewsOperator<>(form, kafka, name))
        .uid("news/to-" + name)
        .sinkTo(sink())
        .name("Kafka: " + name)
        .uid("news/" + name + "-kafka");
  }

  /**
   * Writes records without marks: whoever reads them does not wait for them, and takes those that
   * come after their time as they come.
   *
   * @param of what the records are of, to tell the operators by
   */
  <T> void writeUnmarked(DataStream<T> records, NewsForm<T> form, String of) {
    records
        .map(new NewsRecords<>(form), Types.POJO(HandoverRecord.class))
        .name("News of " + of)
        .setParallelism(1) // few an hour
        .uid("news/of-" + of)
        .sinkTo(sink())
        .name("Kafka: " + of)
        .setParallelism(1)
        .uid("news/" + of + "-kafka");
  }

  private KafkaSink<HandoverRecord> sink() {
    return KafkaSink.<HandoverRecord>builder()
        .setBootstrapServers(kafka)
        .setRecordSerializer(new NewsWriter(name))
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")
        .setProperty(ProducerConfig.LINGER_MS_CONFIG, "20")
        .build();
  }
}
