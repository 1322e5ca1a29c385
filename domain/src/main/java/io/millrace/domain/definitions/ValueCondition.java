package io.millrace.domain.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.function.Predicate;

/**
 * What must hold of one value of an event. Absent and null are the same; texts and numbers are
 * compared by what they say, so that {@code 5}, {@code 5.0} and {@code "5"} are equal.
 */
final class ValueCondition {
  private final Predicate<JsonNode> test;

  private ValueCondition(Predicate<JsonNode> test) {
    this.test = test;
  }

  /**
   * Reads a condition that the schema has let through.
   *
   * @param definition a value, which must be equal, or an object of what must hold
   */
  static ValueCondition read(JsonNode definition) {
    if (!definition.isObject()) {
      return new ValueCondition(value -> same(value, definition));
    }
    Predicate<JsonNode> all = value -> true;
    for (var entry : definition.properties()) {
      all = all.and(one(entry.getKey(), entry.getValue()));
    }
    return new ValueCondition(all);
  }

  /**
   * Whether the condition holds.
   *
   * @param value null where the event has none
   */
  boolean holds(JsonNode value) {
    return test.test(value == null || value.isNull() ? null : value);
  }

  private static Predicate<JsonNode> one(String name, JsonNode wanted) {
    return switch (name) {
      case "is" -> value -> same(value, wanted);
      case "is-not" -> value -> !same(value, wanted);
      case "in" -> value -> isIn(value, wanted);
      case "contains" ->
          value -> value != null && value.isValueNode() && value.asText().contains(wanted.asText());
      case "at-least" -> {
        BigDecimal bound = wanted.decimalValue();
        yield value -> number(value) != null && number(value).compareTo(bound) >= 0;
      }
      case "at-most" -> {
        BigDecimal bound = wanted.decimalValue();
        yield value -> number(value) != null && number(value).compareTo(bound) <= 0;
      }
      case "exists" -> value -> (value != null) == wanted.asBoolean();
      default -> throw new IllegalStateException("The schema lets through " + name);
    };
  }

  private static boolean isIn(JsonNode value, JsonNode list) {
    for (JsonNode wanted : list) {
      if (same(value, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(JsonNode value, JsonNode wanted) {
    if (value == null || !value.isValueNode()) {
      return false;
    }
    if (value.asText().equals(wanted.asText())) {
      return true;
    }
    BigDecimal number = number(value);
    BigDecimal wantedNumber = number(wanted);
    return number != null && wantedNumber != null && number.compareTo(wantedNumber) == 0;
  }

  /** The number that a value is or says, or null. */
  private static BigDecimal number(JsonNode value) {
    if (value == null) {
      return null;
    }
    if (value.isNumber()) {
      return value.decimalValue();
    }
    // Bounded, as a text of 1e999999999 would be a number of that many digits.
    if (value.isTextual() && value.asText().matches("[-+]?[0-9]{1,18}(\\.[0-9]{1,18})?")) {
      return new BigDecimal(value.asText());
    }
    return null;
  }
}
