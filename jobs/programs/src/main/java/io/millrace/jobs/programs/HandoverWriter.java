package io.millrace.jobs.programs;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Gives records the form in which a topic has them; marks are headers without a value. */
record HandoverWriter(String topic) implements KafkaRecordSerializationSchema<HandoverRecord> {
  static final String WATERMARK = "millrace-watermark";
  static final String WRITER = "millrace-writer";
  static final String WRITERS = "millrace-writers";

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      HandoverRecord record, KafkaSinkContext context, Long timestamp) {
    // Without a time of its own: the topic stamps by append, and so keeps backdated events.
    if (record.partition < 0) {
      return new ProducerRecord<>(topic, record.key, record.value);
    }
    ProducerRecord<byte[], byte[]> mark = new ProducerRecord<>(topic, record.partition, null, null);
    Headers headers = mark.headers();
    headers.add(WATERMARK, bytes(record.watermark));
    headers.add(WRITER, bytes(record.writer));
    headers.add(WRITERS, bytes(record.writers));
    return mark;
  }

  private static byte[] bytes(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
