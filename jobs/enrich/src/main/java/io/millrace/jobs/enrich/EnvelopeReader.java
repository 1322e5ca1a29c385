package io.millrace.jobs.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Reads what the gateway wrote into the headers of one record after the other, in one pass over
 * them.
 *
 * <p>Records that came in one request have the same headers, and all of a tenant share its name; so
 * a text that is what it was in the record before is not made anew.
 */
final class EnvelopeReader {
  private final Value tenant = new Value();
  private final Value receivedAt = new Value();
  private final Value sentAt = new Value();
  private final Value historical = new Value();
  private final Value ipPrefix = new Value();
  private final Value country = new Value();
  private final Value region = new Value();
  private final Value city = new Value();
  private final Value userAgent = new Value();
  private final Value heartbeat = new Value();
  private final Value[] all = {
    tenant, receivedAt, sentAt, historical, ipPrefix, country, region, city, userAgent, heartbeat
  };

  /** Takes in the headers of a record. Of several with one name the last counts. */
  void read(Headers headers) {
    for (Value value : all) {
      value.present = false;
    }
    for (Header header : headers) {
      Value value = value(header.key());
      if (value != null) {
        value.set(header.value());
      }
    }
  }

  private Value value(String name) {
    return switch (name) {
      case Envelope.TENANT -> tenant;
      case Envelope.RECEIVED_AT -> receivedAt;
      case Envelope.SENT_AT -> sentAt;
      case Envelope.HISTORICAL -> historical;
      case Envelope.IP_PREFIX -> ipPrefix;
      case Envelope.COUNTRY -> country;
      case Envelope.REGION -> region;
      case Envelope.CITY -> city;
      case Envelope.USER_AGENT -> userAgent;
      case Envelope.HEARTBEAT -> heartbeat;
      default -> null;
    };
  }

  /** Whether the record carries only time. */
  boolean isHeartbeat() {
    return heartbeat.present;
  }

  /** The gateway's clock, of a heartbeat. */
  long heartbeat() throws RefusedException {
    return heartbeat.number(Envelope.HEARTBEAT);
  }

  /** What surrounds an event. */
  Envelope envelope() throws RefusedException {
    String name = tenant.text();
    Long arrived = receivedAt.number(Envelope.RECEIVED_AT);
    if (name == null || name.isEmpty() || name.indexOf('|') >= 0 || arrived == null) {
      throw new RefusedException(
          Refusal.MISSING_ENVELOPE,
          "The record's headers say tenant="
              + name
              + ", received_at="
              + arrived
              + "; the gateway sets both on every event",
          null);
    }
    return new Envelope(
        name,
        arrived,
        sentAt.number(Envelope.SENT_AT),
        "true".equals(historical.text()),
        ipPrefix.text(),
        country.text(),
        region.text(),
        city.text(),
        userAgent.text());
  }

  /** One header, and what it was made into. */
  private static final class Value {
    private boolean present;
    private byte[] bytes = {};
    private String text = "";

    /** Null until somebody asks. */
    private Long number;

    void set(byte[] given) {
      present = given != null;
      if (present && !Arrays.equals(given, bytes)) {
        bytes = given;
        text = new String(given, UTF_8);
        number = null;
      }
    }

    String text() {
      return present ? text : null;
    }

    Long number(String name) throws RefusedException {
      if (!present) {
        return null;
      }
      if (number == null) {
        try {
          number = Long.valueOf(text);
        } catch (NumberFormatException e) {
          throw new RefusedException(
              Refusal.MISSING_ENVELOPE,
              "The record's header "
                  + name
                  + " is \""
                  + text
                  + "\"; it must be epoch ms in decimal",
              null);
        }
      }
      return number;
    }
  }
}
