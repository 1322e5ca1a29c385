package io.millrace.alerts.service;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.domain.alert.AnomalyFact;
import io.millrace.domain.alert.AnomalyState;
import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.Severity;
import io.millrace.domain.alert.WindowFact;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Understands the values of both topics. */
final class RecordReader {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Events are never that far in the future. A job that ends by itself marks the end of all time,
   * which would let none pass ever after.
   */
  private static final Duration MOST_AHEAD = Duration.ofDays(1);

  private final Clock clock;

  RecordReader(Clock clock) {
    this.clock = clock;
  }

  Mark mark(byte[] value) throws UnusableRecordException {
    JsonNode json = parse(value);
    long millis = Math.max(0, time(json, "complete_up_to"));
    try {
      return new Mark((int) whole(json, "writer"), (int) whole(json, "writers"), millis);
    } catch (IllegalArgumentException e) {
      throw new UnusableRecordException(e.getMessage());
    }
  }

  AnomalyFact anomaly(byte[] value) throws UnusableRecordException {
    JsonNode json = parse(value);
    try {
      return new AnomalyFact(
          text(json, "tenant"),
          text(json, "series"),
          text(json, "metric"),
          text(json, "grouping"),
          text(json, "value"),
          time(json, "window_start"),
          time(json, "window_end"),
          number(json, "actual"),
          number(json, "expected"),
          number(json, "lower"),
          number(json, "upper"),
          number(json, "score"),
          json.path("severity").isNull() ? null : label(json, "severity", Severity.class),
          label(json, "state", AnomalyState.class),
          json.path("explanation").asText(""),
          whole(json, "revision"));
    } catch (IllegalArgumentException e) {
      throw new UnusableRecordException(e.getMessage());
    }
  }

  /** The measure; nothing for a window without a value, such as a ratio of nothing to nothing. */
  Optional<WindowFact> measure(byte[] value) throws UnusableRecordException {
    JsonNode json = parse(value);
    double actual = number(json, "actual");
    if (Double.isNaN(actual)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new MeasureFact(
              text(json, "tenant"),
              text(json, "metric"),
              text(json, "grouping"),
              text(json, "value"),
              time(json, "window_start"),
              time(json, "window_end"),
              actual,
              whole(json, "sample_size"),
              whole(json, "revision")));
    } catch (IllegalArgumentException e) {
      throw new UnusableRecordException(e.getMessage());
    }
  }

  private static JsonNode parse(byte[] value) throws UnusableRecordException {
    if (value == null) {
      throw new UnusableRecordException("there is no value; a JSON object is allowed");
    }
    JsonNode json;
    try {
      json = JSON.readTree(value);
    } catch (IOException e) {
      throw new UnusableRecordException("it is no JSON; a JSON object is allowed");
    }
    if (!json.isObject()) {
      throw new UnusableRecordException("it is no object; a JSON object is allowed");
    }
    return json;
  }

  private static String text(JsonNode json, String field) throws UnusableRecordException {
    JsonNode found = json.path(field);
    if (!found.isTextual()) {
      throw refused(field, found, "a text");
    }
    return found.textValue();
  }

  private static long whole(JsonNode json, String field) throws UnusableRecordException {
    JsonNode found = json.path(field);
    if (!found.isIntegralNumber() || !found.canConvertToLong()) {
      throw refused(field, found, "a whole number");
    }
    return found.longValue();
  }

  /** NaN for null. */
  private static double number(JsonNode json, String field) throws UnusableRecordException {
    JsonNode found = json.path(field);
    if (found.isNull()) {
      return Double.NaN;
    }
    if (!found.isNumber()) {
      throw refused(field, found, "a number or null");
    }
    return found.doubleValue();
  }

  private long time(JsonNode json, String field) throws UnusableRecordException {
    long millis = whole(json, field);
    Instant last = clock.instant().plus(MOST_AHEAD);
    if (millis > last.toEpochMilli()) {
      throw refused(field, json.path(field), "epoch milliseconds up to a day from now");
    }
    return millis;
  }

  private static <E extends Enum<E>> E label(JsonNode json, String field, Class<E> type)
      throws UnusableRecordException {
    String found = text(json, field);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(found)) {
        return constant;
      }
    }
    String allowed = Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
    throw refused(field, json.path(field), "one of " + allowed);
  }

  private static UnusableRecordException refused(String field, JsonNode found, String allowed) {
    return new UnusableRecordException(
        field
            + (found.isMissingNode() ? " is missing" : " is " + shown(found))
            + "; "
            + allowed
            + " is allowed");
  }

  private static String shown(JsonNode found) {
    String text = found.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
