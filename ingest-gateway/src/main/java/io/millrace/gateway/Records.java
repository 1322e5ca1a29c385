package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.privacy.Redacted;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Translates events to the records of the two topics. */
final class Records {
  private static final String STAGE = "gateway";

  private Records() {}

  static ProducerRecord<byte[], byte[]> accepted(
      String topic, Envelope envelope, List<Header> headers, String visitorId, byte[] kept) {
    byte[] key = VisitorKey.of(envelope.tenant(), visitorId).getBytes(UTF_8);
    return new ProducerRecord<>(topic, null, null, key, kept, headers);
  }

  static ProducerRecord<byte[], byte[]> refused(
      String topic, Envelope envelope, RefusedException why, String message, Redacted kept) {
    List<Header> headers = new ArrayList<>(6);
    add(headers, Envelope.TENANT, envelope.tenant());
    add(headers, "code", why.refusal().code());
    add(headers, "message", message);
    add(headers, "stage", STAGE);
    add(headers, Envelope.RECEIVED_AT, Long.toString(envelope.receivedAt()));
    add(headers, "event_id", kept.eventId());
    return new ProducerRecord<>(topic, null, null, null, kept.bytes(), headers);
  }

  /** The headers of an event that the catalogue has something against. */
  static List<Header> flagged(List<Header> headers, Refusal code, String message) {
    List<Header> flagged = new ArrayList<>(headers);
    add(flagged, Envelope.CATALOGUE_CODE, code.code());
    add(flagged, Envelope.CATALOGUE_MESSAGE, message);
    return flagged;
  }

  static List<Header> headers(Envelope envelope) {
    List<Header> headers = new ArrayList<>(9);
    add(headers, Envelope.TENANT, envelope.tenant());
    add(headers, Envelope.RECEIVED_AT, Long.toString(envelope.receivedAt()));
    add(headers, Envelope.SENT_AT, envelope.sentAt() == null ? null : envelope.sentAt().toString());
    add(headers, Envelope.HISTORICAL, envelope.historical() ? "true" : null);
    add(headers, Envelope.IP_PREFIX, envelope.ipPrefix());
    add(headers, Envelope.COUNTRY, envelope.country());
    add(headers, Envelope.REGION, envelope.region());
    add(headers, Envelope.CITY, envelope.city());
    add(headers, Envelope.USER_AGENT, envelope.userAgent());
    return headers;
  }

  private static void add(List<Header> headers, String name, String value) {
    if (value != null) {
      headers.add(new RecordHeader(name, value.getBytes(UTF_8)));
    }
  }
}
