package io.millrace.jobs.enrich;

import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import io.millrace.jobs.kit.DeadLetter;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads records of {@code events.raw}. It never throws for what a record holds: a poison record
 * would come again after each restart, for ever.
 */
final class RawRecordReader implements KafkaRecordDeserializationSchema<RawRecord> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_MESSAGE_CHARS = 1_000;

  private transient EventReader reader;
  private transient EnvelopeReader envelopes;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    reader = new EventReader();
    envelopes = new EnvelopeReader();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RawRecord> out) {
    out.collect(read(record));
  }

  RawRecord read(ConsumerRecord<byte[], byte[]> record) {
    RawRecord raw = new RawRecord();
    raw.eventTime = Long.MIN_VALUE;
    raw.partition = record.partition();
    raw.appendedAt = record.timestamp();
    try {
      envelopes.read(record.headers());
      if (envelopes.isHeartbeat()) {
        raw.eventTime = envelopes.heartbeat();
        return raw;
      }
      Event event = reader.read(value(record), envelopes.envelope());
      event.kafkaPartition = record.partition();
      event.kafkaOffset = record.offset();
      raw.event = event;
      raw.eventTime = event.occurredAt;
    } catch (RefusedException e) {
      raw.deadLetter = deadLetter(record, e.refusal().code(), e.getMessage(), e.eventId());
    } catch (RuntimeException e) {
      // A mistake of ours must not stop the stream either; the record is kept and can be replayed
      // once it is mended.
      raw.deadLetter = deadLetter(record, Refusal.UNREADABLE.code(), e.toString(), null);
    }
    return raw;
  }

  private static byte[] value(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
    if (record.value() == null) {
      throw new RefusedException(
          Refusal.NOT_AN_OBJECT, "The record has no value; give one JSON object", null);
    }
    return record.value();
  }

  private static DeadLetter deadLetter(
      ConsumerRecord<byte[], byte[]> record, String code, String message, String eventId) {
    DeadLetter letter = new DeadLetter();
    letter.tenant = RecordHeaders.text(record.headers(), Envelope.TENANT);
    letter.eventId = eventId;
    letter.code = code;
    letter.message =
        message.length() <= MAX_MESSAGE_CHARS ? message : message.substring(0, MAX_MESSAGE_CHARS);
    letter.stage = "enrich";
    letter.receivedAt = record.timestamp();
    letter.payload = record.value();
    letter.kafkaPartition = record.partition();
    letter.kafkaOffset = record.offset();
    return letter;
  }

  @Override
  public TypeInformation<RawRecord> getProducedType() {
    return Types.POJO(RawRecord.class);
  }
}
