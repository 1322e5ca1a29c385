package io.millrace.standalone.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** One event of the demo before it is written as JSON; the same event gives the same bytes. */
record DemoEvent(
    DemoSite site,
    DemoVisitor visitor,
    String eventId,
    long timestamp,
    int sequence,
    DemoVisit.Step step,
    Flaw flaw) {

  /** What can be wrong, in turn. */
  static final List<Flaw> FLAWS =
      List.of(Flaw.NO_VISITOR, Flaw.BAD_TYPE, Flaw.NEGATIVE_TIME, Flaw.BAD_URL, Flaw.HALF_ENTITY);

  private static final JsonFactory JSON = new JsonFactory();

  /** What is wrong with an event that has to be refused, and the code it is refused with. */
  enum Flaw {
    NONE(""),
    NO_VISITOR("missing_field"),
    BAD_TYPE("invalid_event_type"),
    NEGATIVE_TIME("invalid_timestamp"),
    BAD_URL("invalid_url"),
    HALF_ENTITY("entity_incomplete");

    private final String code;

    Flaw(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /** A UUID of version 7, as the browser SDK makes them. */
  static String newId(long timestamp, SplittableRandom random) {
    long high = (timestamp << 16) | 0x7000 | random.nextInt(0x1000);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  OutgoingEvent outgoing() {
    long time = flaw == Flaw.NEGATIVE_TIME ? -timestamp : timestamp;
    String visitorId = flaw == Flaw.NO_VISITOR ? null : visitor.id();
    return new OutgoingEvent(eventId, visitorId, time, json(time, visitorId));
  }

  private byte[] json(long time, String visitorId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("eventId", eventId);
      json.writeStringField("eventType", flaw == Flaw.BAD_TYPE ? "Page View!" : step.type());
      json.writeNumberField("timestamp", time);
      if (visitorId != null) {
        json.writeStringField("visitorId", visitorId);
      }
      json.writeStringField(
          "pageUrl",
          flaw == Flaw.BAD_URL
              ? "javascript:alert(1)"
              : site.baseUrl() + step.path() + step.query());
      json.writeStringField("referrer", step.referrer());
      json.writeStringField("userAgent", visitor.userAgent());
      json.writeStringField("country", visitor.country());
      json.writeNumberField("sequence", sequence);
      if (step.entityId() != null || flaw == Flaw.HALF_ENTITY) {
        json.writeStringField("entityType", "product");
      }
      if (step.entityId() != null && flaw != Flaw.HALF_ENTITY) {
        json.writeStringField("entityId", step.entityId());
      }
      if (step.revenueCents() > 0) {
        json.writeNumberField("revenueCents", step.revenueCents());
        json.writeStringField("currency", "EUR");
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write JSON into memory", e);
    }
    return out.toByteArray();
  }
}
