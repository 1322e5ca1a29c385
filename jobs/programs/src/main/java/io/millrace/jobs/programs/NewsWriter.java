package io.millrace.jobs.programs;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Gives news the form in which a topic has them; marks go to one partition each. */
record NewsWriter(String topic) implements KafkaRecordSerializationSchema<HandoverRecord> {
  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      HandoverRecord record, KafkaSinkContext context, Long timestamp) {
    // Without a time of its own: the topic stamps by append, and so keeps what is said of old days.
    return new ProducerRecord<>(
        topic, record.partition < 0 ? null : record.partition, record.key, record.value);
  }
}
