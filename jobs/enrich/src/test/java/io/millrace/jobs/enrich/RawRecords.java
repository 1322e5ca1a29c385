package io.millrace.jobs.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Kafka records for tests. */
final class RawRecords {
  static final long NOW = 1_767_225_600_000L;
  static final String EVENT =
      "{\"eventId\":\"e1\",\"eventType\":\"page_view\",\"timestamp\":1767225599000,"
          + "\"visitorId\":\"v1\",\"pageUrl\":\"https://a.example/x?utm_source=mail\","
          + "\"revenueCents\":5,\"currency\":\"EUR\",\"properties\":{\"a\":[1,{\"b\":\"\u00e9\"}]}}";

  private RawRecords() {}

  /** A record at partition 3, offset 42; headers are names and values in turn. */
  static ConsumerRecord<byte[], byte[]> record(byte[] value, Object... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      Object header = headers[i + 1];
      all.add(
          (String) headers[i],
          header instanceof String text ? text.getBytes(UTF_8) : (byte[]) header);
    }
    return new ConsumerRecord<>(
        "events.raw",
        3,
        42,
        NOW,
        TimestampType.LOG_APPEND_TIME,
        0,
        value == null ? -1 : value.length,
        new byte[0],
        value,
        all,
        Optional.empty());
  }

  /** As the gateway writes one. */
  static ConsumerRecord<byte[], byte[]> record(String value) {
    return record(value.getBytes(UTF_8), "tenant", "acme", "received_at", Long.toString(NOW));
  }
}
