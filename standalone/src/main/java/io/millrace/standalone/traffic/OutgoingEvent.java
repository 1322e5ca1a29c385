package io.millrace.standalone.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * An event on its way to the gateway: its bytes as they will be sent, and the fields that decide
 * the order of sending.
 */
public final class OutgoingEvent {
  private static final JsonFactory JSON = new JsonFactory();
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String eventId;
  private final String visitorId;
  private final Long timestamp;
  private final byte[] json;

  /**
   * @param eventId null where the sender gave none: the gateway is the one to refuse it
   * @param visitorId null where the sender gave none
   * @param timestamp epoch ms; null where it is missing or no whole number
   * @param json one JSON object, UTF-8; not copied, so not to be changed
   */
  OutgoingEvent(String eventId, String visitorId, Long timestamp, byte[] json) {
    this.eventId = eventId;
    this.visitorId = visitorId;
    this.timestamp = timestamp;
    this.json = json;
  }

  public String eventId() {
    return eventId;
  }

  public String visitorId() {
    return visitorId;
  }

  public Long timestamp() {
    return timestamp;
  }

  public byte[] json() {
    return json;
  }

  /**
   * Reads what sending needs and keeps the bytes untouched; whether the event is valid is for the
   * gateway to say.
   *
   * @throws IOException when the bytes are not exactly one JSON object
   */
  public static OutgoingEvent ofJson(byte[] json) throws IOException {
    String eventId = null;
    String visitorId = null;
    Long timestamp = null;
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING && field.equals("eventId")) {
          eventId = parser.getText();
        } else if (value == JsonToken.VALUE_STRING && field.equals("visitorId")) {
          visitorId = parser.getText();
        } else if (value == JsonToken.VALUE_NUMBER_INT && field.equals("timestamp")) {
          timestamp =
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? null
                  : (Long) parser.getLongValue();
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON value on the line");
      }
    }
    return new OutgoingEvent(eventId, visitorId, timestamp, json);
  }

  /** The same event at another time; an event without a readable time stays as it is. */
  OutgoingEvent at(long newTimestamp) throws IOException {
    if (timestamp == null) {
      return this;
    }

    ObjectNode node = (ObjectNode) MAPPER.readTree(json);
    node.put("timestamp", newTimestamp);
    return new OutgoingEvent(eventId, visitorId, newTimestamp, MAPPER.writeValueAsBytes(node));
  }
}
