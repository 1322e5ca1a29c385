package io.millrace.jobs.programs;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.SessionChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what another job has handed over.
 *
 * <p>Only Millrace writes these topics. What somebody else put there is passed over, counted and
 * logged with its place: it is no event that was sent, and failing would fail again after every
 * restart.
 */
final class HandoverReader implements KafkaRecordDeserializationSchema<HandedOver> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(HandoverReader.class);

  /** What a topic holds. */
  enum Kind {
    EVENTS,
    SESSIONS
  }

  private final Kind kind;
  private transient Counter unreadable;

  HandoverReader(Kind kind) {
    this.kind = kind;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    unreadable = context.getMetricGroup().counter("unreadableRecords");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<HandedOver> out) {
    try {
      out.collect(read(record));
    } catch (IOException | RuntimeException e) {
      unreadable.inc();
      LOG.error(
          "Passing over the record at {} partition {} offset {}, which no job of Millrace wrote: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }

  private HandedOver read(ConsumerRecord<byte[], byte[]> record) throws IOException {
    HandedOver read = new HandedOver();
    if (record.value() == null) {
      read.watermark = number(record, HandoverWriter.WATERMARK);
      read.writer = Math.toIntExact(number(record, HandoverWriter.WRITER));
      read.writers = Math.toIntExact(number(record, HandoverWriter.WRITERS));
      if (read.writer < 0 || read.writer >= read.writers) {
        throw new IOException("writer " + read.writer + " of " + read.writers);
      }
      return read;
    }
    switch (kind) {
      case EVENTS -> {
        read.event = HandoverJson.read(record.value(), Event.class);
        require(read.event.tenant, "tenant");
        require(read.event.visitorId, "visitorId");
        require(read.event.eventId, "eventId");
        require(read.event.eventType, "eventType");
      }
      case SESSIONS -> {
        read.session = HandoverJson.read(record.value(), SessionChange.class);
        require(read.session.session, "session");
        require(read.session.session.tenant, "session.tenant");
        require(read.session.session.sessionId, "session.sessionId");
      }
    }
    return read;
  }

  private static void require(Object value, String field) throws IOException {
    if (value == null) {
      throw new IOException("it has no " + field);
    }
  }

  private static long number(ConsumerRecord<byte[], byte[]> record, String name)
      throws IOException {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      throw new IOException("it has neither a value nor the header " + name);
    }
    return Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
  }

  @Override
  public TypeInformation<HandedOver> getProducedType() {
    return Types.POJO(HandedOver.class);
  }
}
