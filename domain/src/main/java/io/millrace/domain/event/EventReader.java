package io.millrace.domain.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.common.base.Utf8;
import java.io.IOException;

/**
 * Reads events from JSON and refuses what breaks a rule of the event contract; safe for use by many
 * threads.
 *
 * <p>Reading is one pass over the tokens. It has two halves, because a batch may say when it was
 * sent after its events: {@link #readFields} takes what the sender wrote, {@link #complete} adds
 * what the gateway knows and decides the event time.
 */
public final class EventReader {
  private static final JsonFactory JSON = newFactory();

  private final boolean visitorRequired;

  /** Reads events that name their visitor. */
  public EventReader() {
    this(true);
  }

  private EventReader(boolean visitorRequired) {
    this.visitorRequired = visitorRequired;
  }

  /** Reads events whose visitor the gateway will name; a {@code visitorId} is checked if given. */
  public static EventReader ofAnonymousEvents() {
    return new EventReader(false);
  }

  /** Whether a field of that name has a meaning of its own; all others are properties. */
  public static boolean knows(String fieldName) {
    return EventField.named(fieldName) != null;
  }

  private static final int SHOWN_REASON_CHARS = 120;

  /** No timestamp saturates to this: the smallest is one more. */
  private static final long NO_TIME = Long.MIN_VALUE;

  /**
   * The settings under which events are read. The limits of the parser itself are wide: it can only
   * fail as a whole, and one bad event must not take its neighbours with it, so the limits of
   * {@link Limits} are checked here, per event.
   */
  public static JsonFactory newFactory() {
    return new JsonFactoryBuilder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(1000)
                .maxStringLength(4 << 20)
                .maxNameLength(4 << 20)
                .maxNumberLength(4 << 20)
                .build())
        // JSON is UTF-8; guessing UTF-16 or UTF-32 would give bytes that later readers misread.
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        // Names come from strangers: interned, they would stay for ever.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /** Reads one event that is the whole of the bytes. */
  public Event read(byte[] json, Envelope envelope) throws RefusedException {
    requireSize(json.length);
    if (!Utf8.isWellFormed(json)) {
      throw new RefusedException(
          Refusal.MALFORMED_JSON, "the event is not UTF-8; send JSON in UTF-8", null);
    }
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new RefusedException(
            Refusal.MALFORMED_JSON, "the event is empty; send one JSON object", null);
      }
      Event event = read(parser, envelope);
      if (parser.nextToken() != null) {
        throw new RefusedException(
            Refusal.MALFORMED_JSON,
            "the event is followed by more text at byte "
                + parser.currentTokenLocation().getByteOffset()
                + "; send one JSON object",
            event.eventId);
      }
      return event;
    } catch (JsonProcessingException e) {
      throw new RefusedException(Refusal.MALFORMED_JSON, describe(e, "the event"), null);
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory failed", e);
    }
  }

  /**
   * Reads one event of several.
   *
   * <p>After a refusal the parser stands somewhere inside the object; the caller can go on with its
   * neighbours by reading tokens until the parsing context is the one around the object.
   *
   * @param atStartObject stands at the event's first brace, and afterwards at its last
   * @throws IOException when the JSON is malformed, which ends the whole input
   */
  public Event read(JsonParser atStartObject, Envelope envelope)
      throws RefusedException, IOException {
    Event event = readFields(atStartObject, new AddressSpan());
    complete(event, envelope);
    return event;
  }

  /**
   * Reads and checks what the sender wrote, without what the gateway knows.
   *
   * @param address is told where the sender's address stands
   */
  public Event readFields(JsonParser atStartObject, AddressSpan address)
      throws RefusedException, IOException {
    Event event = new Event();
    event.createdAt = NO_TIME;
    try {
      fill(event, atStartObject, address);
    } catch (RefusedException e) {
      throw e.forEvent(event.eventId);
    }
    return event;
  }

  /** Adds the envelope to an event and decides its event time. */
  public void complete(Event event, Envelope envelope) throws RefusedException {
    event.tenant = envelope.tenant();
    event.receivedAt = envelope.receivedAt();
    event.sentAt = envelope.sentAt();
    event.ipPrefix = envelope.ipPrefix();
    event.country = envelope.country() != null ? envelope.country() : event.country;
    event.region = envelope.region() != null ? envelope.region() : event.region;
    event.city = envelope.city() != null ? envelope.city() : event.city;
    if (event.userAgent == null && envelope.userAgent() != null) {
      setUserAgent(event, envelope.userAgent());
    }
    try {
      event.occurredAt =
          ClockRules.occurredAt(
              event.createdAt, envelope.sentAt(), envelope.receivedAt(), envelope.historical());
    } catch (RefusedException e) {
      throw e.forEvent(event.eventId);
    }
    event.clockCorrected = event.occurredAt != event.createdAt;
  }

  /** What is wrong with the JSON, and where, in words that are safe to show. */
  public static String describe(JsonProcessingException e, String what) {
    JsonLocation at = e.getLocation();
    String reason = e.getOriginalMessage();
    int end = reason.indexOf('\n');
    return what
        + " is no valid JSON"
        + (at == null ? "" : " at byte " + Math.max(0, at.getByteOffset()))
        + ": "
        + EventText.shown(end < 0 ? reason : reason.substring(0, end), SHOWN_REASON_CHARS);
  }

  private void fill(Event event, JsonParser parser, AddressSpan address)
      throws IOException, RefusedException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new RefusedException(
          Refusal.NOT_AN_OBJECT,
          "the event is " + kind(parser.currentToken()) + "; an event is a JSON object",
          null);
    }
    long start = parser.currentTokenLocation().getByteOffset();
    EventProperties properties = null;
    long seen = 0;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      EventField field = EventField.named(name);
      JsonToken token = parser.nextToken();
      if (field == null) {
        properties = properties == null ? new EventProperties() : properties;
        properties.readUnknown(parser, name);
        continue;
      }
      if ((seen & field.bit()) != 0) {
        throw duplicate(name, "the event");
      }
      seen |= field.bit();
      if (field.kind == EventField.Kind.ADDRESS) {
        readAddress(parser, token, address);
      } else if (token == JsonToken.VALUE_NULL) {
        continue;
      } else if (field.kind == EventField.Kind.OBJECT) {
        if (token != JsonToken.START_OBJECT) {
          throw wrongType(field, token, "an object");
        }
        properties = properties == null ? new EventProperties() : properties;
        properties.readGiven(parser);
      } else {
        readField(event, field, parser, token);
      }
    }
    requireSize(parser.currentLocation().getByteOffset() - start);
    if (properties != null) {
      event.properties = properties.text();
      event.engagementMs = properties.engagementMs();
    }
    requireComplete(event);
  }

  private void readField(Event event, EventField field, JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    switch (field.kind) {
      case TEXT -> readText(event, field, parser, token);
      case USER_AGENT -> setUserAgent(event, text(field, parser, token));
      case INTEGER -> field.integerSetter.set(event, integer(field, parser, token));
      case TIME -> event.createdAt = time(parser, token);
      default -> throw new IllegalStateException("No reader for " + field);
    }
  }

  private void readText(Event event, EventField field, JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    String text = text(field, parser, token);
    if (field.maxLength > 0) {
      if (text.isBlank()) {
        if (field == EventField.VISITOR_ID && !visitorRequired) {
          return;
        }
        throw new RefusedException(
            Refusal.EMPTY_FIELD,
            field.jsonName + " is empty; give 1 to " + field.maxLength + " characters",
            null);
      }
      if (text.length() > field.maxLength) {
        throw new RefusedException(
            Refusal.TOO_LONG,
            field.jsonName
                + " is "
                + text.length()
                + " characters long; at most "
                + field.maxLength
                + " are allowed",
            null);
      }
      if (field == EventField.EVENT_TYPE) {
        requireEventType(text);
      }
    } else {
      EventText.requireShort(text, field.jsonName);
      if (text.isEmpty()) {
        return; // many senders write "" for what they do not know
      }
      if (field == EventField.PAGE_URL) {
        PageUrls.requireAllowed(text);
      }
    }
    field.textSetter.set(event, text);
  }

  private static String text(EventField field, JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    if (token != JsonToken.VALUE_STRING) {
      throw wrongType(field, token, "a text");
    }
    String text = parser.getText();
    EventText.requireLegal(text, field.jsonName);
    return text;
  }

  private static long integer(EventField field, JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getTextLength() <= 20
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    throw wrongType(field, token, "a whole number that fits 64 bits");
  }

  private static long time(JsonParser parser, JsonToken token)
      throws IOException, RefusedException {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      EventProperties.requireNumberLength(parser, "timestamp");
      if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 18) {
        return parser.getLongValue();
      }
      // Browsers' high resolution clocks have fractions; a cast saturates, and the clock rules
      // refuse what is out of range.
      return Math.max(NO_TIME + 1, (long) Math.floor(parser.getDoubleValue()));
    }
    throw new RefusedException(
        Refusal.INVALID_TIMESTAMP,
        "timestamp is "
            + (token == JsonToken.VALUE_STRING
                ? "the text \"" + EventText.shown(parser.getText()) + '"'
                : kind(token))
            + "; give epoch milliseconds as a number",
        null);
  }

  private static void readAddress(JsonParser parser, JsonToken token, AddressSpan address)
      throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    String text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
    parser.skipChildren();
    parser.finishToken();
    address.set(start, parser.currentLocation().getByteOffset(), text);
  }

  private static void setUserAgent(Event event, String text) {
    if (text.isEmpty()) {
      return;
    }
    event.userAgentCut = EventText.exceeds(text, Limits.MAX_USER_AGENT_BYTES);
    event.userAgent = event.userAgentCut ? EventText.cut(text, Limits.MAX_USER_AGENT_BYTES) : text;
  }

  private static void requireEventType(String text) throws RefusedException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_' || c == '.'))) {
        throw new RefusedException(
            Refusal.INVALID_EVENT_TYPE,
            "eventType is \""
                + EventText.shown(text)
                + "\"; it starts with a letter a-z and goes on with a-z, 0-9, _ and .",
            null);
      }
    }
  }

  private void requireComplete(Event event) throws RefusedException {
    require(event.eventId, EventField.EVENT_ID);
    require(event.eventType, EventField.EVENT_TYPE);
    if (event.createdAt == NO_TIME) {
      throw missing(EventField.TIMESTAMP);
    }
    if (visitorRequired) {
      require(event.visitorId, EventField.VISITOR_ID);
    }
    if ((event.entityType == null) != (event.entityId == null)) {
      throw new RefusedException(
          Refusal.ENTITY_INCOMPLETE,
          event.entityType == null
              ? "entityId is given without entityType; give both or neither"
              : "entityType is given without entityId; give both or neither",
          null);
    }
    if (event.revenueCents != null && event.currency == null) {
      throw new RefusedException(
          Refusal.REVENUE_WITHOUT_CURRENCY,
          "revenueCents is " + event.revenueCents + " without currency; give both, or no revenue",
          null);
    }
  }

  private static void require(String value, EventField field) throws RefusedException {
    if (value == null) {
      throw missing(field);
    }
  }

  private static RefusedException missing(EventField field) {
    return new RefusedException(
        Refusal.MISSING_FIELD,
        field.jsonName + " is missing; eventId, eventType, timestamp and visitorId are required",
        null);
  }

  private static RefusedException wrongType(EventField field, JsonToken token, String allowed) {
    return new RefusedException(
        Refusal.WRONG_TYPE,
        field.jsonName + " is " + kind(token) + "; give " + allowed + ", or leave it out",
        null);
  }

  static RefusedException duplicate(String name, String owner) {
    return new RefusedException(
        Refusal.DUPLICATE_FIELD,
        "field \""
            + EventText.shown(name)
            + "\" is given twice in "
            + EventText.shown(owner)
            + "; give it once",
        null);
  }

  private static void requireSize(long bytes) throws RefusedException {
    if (bytes > Limits.MAX_EVENT_BYTES) {
      throw new RefusedException(
          Refusal.EVENT_TOO_LARGE,
          "the event has " + bytes + " bytes; at most " + Limits.MAX_EVENT_BYTES + " are allowed",
          null);
    }
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      default -> "no value";
    };
  }
}
