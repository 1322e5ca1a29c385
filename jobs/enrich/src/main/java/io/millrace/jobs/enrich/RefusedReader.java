package io.millrace.jobs.enrich;

import io.millrace.domain.event.Envelope;
import io.millrace.jobs.kit.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads {@code events.dead-letter}: what the gateway refused, its reason in the headers. */
final class RefusedReader implements KafkaRecordDeserializationSchema<DeadLetter> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<DeadLetter> out) {
    out.collect(read(record));
  }

  static DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
    DeadLetter letter = new DeadLetter();
    letter.tenant = RecordHeaders.text(record.headers(), Envelope.TENANT);
    letter.eventId = RecordHeaders.text(record.headers(), "event_id");
    letter.code = orElse(RecordHeaders.text(record.headers(), "code"), "unknown");
    letter.message =
        orElse(RecordHeaders.text(record.headers(), "message"), "The gateway gave no reason");
    letter.stage = DeadLetter.GATEWAY;
    letter.receivedAt = record.timestamp();
    letter.payload = record.value();
    letter.kafkaPartition = record.partition();
    letter.kafkaOffset = record.offset();
    return letter;
  }

  private static String orElse(String given, String otherwise) {
    return given == null ? otherwise : given;
  }

  @Override
  public TypeInformation<DeadLetter> getProducedType() {
    return Types.POJO(DeadLetter.class);
  }
}
