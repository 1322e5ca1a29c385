package io.millrace.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Writes an event as the gateway reads it. */
final class EventJson {
  static final JsonFactory JSON = new JsonFactory();

  /** The gateway's own limit; it also ends a map that contains itself. */
  private static final int MAX_NESTING = 16;

  private static final int LEVEL_OF_PROPERTIES = 2;
  private static final int USUAL_BYTES = 512;

  private EventJson() {}

  /**
   * One line of UTF-8.
   *
   * @throws InvalidEventException when it cannot be written
   */
  static byte[] write(MillraceEvent event) throws InvalidEventException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : event.fields().entrySet()) {
        write(json, field.getKey(), field.getValue(), LEVEL_OF_PROPERTIES);
      }
      if (!event.properties().isEmpty()) {
        write(json, "properties", event.properties(), LEVEL_OF_PROPERTIES);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new InvalidEventException("the event cannot be written as JSON: " + e.getMessage());
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, String name, Object value, int level)
      throws IOException, InvalidEventException {
    json.writeFieldName(name);
    writeValue(json, name, value, level);
  }

  private static void writeValue(JsonGenerator json, String name, Object value, int level)
      throws IOException, InvalidEventException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof CharSequence
        || value instanceof UUID
        || value instanceof Instant
        || value instanceof Enum<?>) {
      json.writeString(value.toString());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Number number) {
      writeNumber(json, name, number);
    } else if (value instanceof Map<?, ?> map) {
      requireLevel(name, level);
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(json, String.valueOf(entry.getKey()), entry.getValue(), level + 1);
      }
      json.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      requireLevel(name, level);
      json.writeStartArray();
      for (Object one : list) {
        writeValue(json, name, one, level + 1);
      }
      json.writeEndArray();
    } else {
      throw new InvalidEventException(
          "property \""
              + name
              + "\" is a "
              + value.getClass().getName()
              + "; give text, a number, a boolean, or a map or list of these");
    }
  }

  private static void writeNumber(JsonGenerator json, String name, Number number)
      throws IOException, InvalidEventException {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (!Double.isFinite(value)) {
        throw new InvalidEventException(
            "property \"" + name + "\" is " + value + "; JSON has finite numbers only");
      }
      json.writeNumber(number.toString());
    } else if (number instanceof BigDecimal || number instanceof BigInteger) {
      json.writeNumber(number.toString());
    } else {
      json.writeNumber(number.longValue());
    }
  }

  private static void requireLevel(String name, int level) throws InvalidEventException {
    if (level > MAX_NESTING) {
      throw new InvalidEventException(
          "property \""
              + name
              + "\" is nested deeper than "
              + MAX_NESTING
              + " levels; give flatter properties");
    }
  }

  /** Why an event is not even queued. */
  static final class InvalidEventException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidEventException(String message) {
      super(message, null, false, false);
    }
  }
}
