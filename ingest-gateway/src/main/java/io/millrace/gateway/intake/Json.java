package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Reads what other products' senders write; what cannot be read is left as it is, to be refused.
 */
public final class Json {
  /** Keeps numbers as they were written, and takes no field twice. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** The first of these fields that is there and not null, or null. */
  static JsonNode first(JsonNode object, String... names) {
    for (String name : names) {
      JsonNode value = object.get(name);
      if (value != null && !value.isNull()) {
        return value;
      }
    }
    return null;
  }

  /** The first of these fields that is a text with something in it or a whole number, or null. */
  static String text(JsonNode object, String... names) {
    for (String name : names) {
      JsonNode value = object.get(name);
      if (value != null
          && (value.isIntegralNumber() || value.isTextual() && !value.textValue().isBlank())) {
        return value.asText();
      }
    }
    return null;
  }

  /** Epoch milliseconds where the value is an ISO 8601 time with an offset, else the value. */
  static JsonNode time(JsonNode value) {
    if (value != null && value.isTextual()) {
      try {
        Instant at = OffsetDateTime.parse(value.textValue()).toInstant();
        return MAPPER.getNodeFactory().numberNode(at.toEpochMilli());
      } catch (DateTimeException | ArithmeticException e) {
        return value; // the event reader says what is allowed
      }
    }
    return value;
  }

  /** Sets a field, unless there is nothing to set. */
  static void put(ObjectNode event, String name, JsonNode value) {
    if (value != null && !value.isNull()) {
      event.set(name, value);
    }
  }

  /** Sets a field to a text, unless there is none. */
  static void put(ObjectNode event, String name, String value) {
    if (value != null) {
      event.put(name, value);
    }
  }
}
