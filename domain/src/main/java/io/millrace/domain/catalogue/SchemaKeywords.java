package io.millrace.domain.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.EventText;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema that the catalogue uses, and that tenants may use in types of their own.
 *
 * <p>It is small on purpose. References could make the server fetch something, and a pattern could
 * keep it busy for ever; and of these few keywords {@link CompatibilityRules} knows each.
 */
final class SchemaKeywords {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.]{0,63}");
  private static final Set<String> ENTRY = Set.of("description", "aliases", "schema");
  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "array", "object", "null");
  private static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
  private static final Set<String> COUNTS =
      Set.of("minLength", "maxLength", "minItems", "maxItems");
  private static final int MAX_DEPTH = 8;

  private SchemaKeywords() {}

  /** Refuses an entry of {@code "types"} that has anything but a usable schema. */
  static void requireEntry(String name, JsonNode entry) {
    if (!NAME.matcher(name).matches()) {
      throw refused(
          "the type \"" + EventText.shown(name) + '"',
          "names have up to 64 of a-z, 0-9, _ and ., and start with a letter");
    }
    String place = "type " + name;
    requireObject(place, entry);
    requireKnown(place, entry, ENTRY);
    JsonNode schema = entry.path("schema");
    if (!schema.isMissingNode()) {
      requireSchema(place + ".schema", schema, 1);
      if (!schema.path("type").asText().equals("object")) {
        throw refused(place + ".schema", "its type must be \"object\", as properties are one");
      }
    }
  }

  private static void requireSchema(String place, JsonNode schema, int depth) {
    requireObject(place, schema);
    if (depth > MAX_DEPTH) {
      throw refused(place, "at most " + MAX_DEPTH + " levels are allowed");
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = schema.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      requireKeyword(place, field.getKey(), field.getValue(), depth);
    }
  }

  private static void requireKeyword(String place, String keyword, JsonNode value, int depth) {
    String at = place + '.' + EventText.shown(keyword);
    if (NUMBERS.contains(keyword)) {
      require(value.isNumber(), at, "give a number");
    } else if (COUNTS.contains(keyword)) {
      require(value.isInt() && value.asInt() >= 0, at, "give a whole number from 0");
    } else {
      switch (keyword) {
        case "description" -> require(value.isTextual(), at, "give a text");
        case "type" -> requireTypes(at, value);
        case "enum" -> require(value.isArray() && !value.isEmpty(), at, "give a list of values");
        case "const" -> {
          // Any value will do.
        }
        case "required" -> {
          require(value.isArray(), at, "give a list of names");
          value.forEach(name -> require(name.isTextual(), at, "give a list of names"));
        }
        case "properties" -> {
          requireObject(at, value);
          value
              .fields()
              .forEachRemaining(
                  one ->
                      requireSchema(
                          at + '.' + EventText.shown(one.getKey()), one.getValue(), depth + 1));
        }
        case "items" -> requireSchema(at, value, depth + 1);
        default ->
            throw refused(
                at,
                "description, type, enum, const, required, properties, items and the limits minimum,"
                    + " maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems"
                    + " and maxItems are allowed");
      }
    }
  }

  private static void requireTypes(String at, JsonNode value) {
    String allowed = "give string, integer, number, boolean, array, object or null";
    if (value.isArray()) {
      require(!value.isEmpty(), at, allowed);
      value.forEach(one -> require(TYPES.contains(one.asText()), at, allowed));
    } else {
      require(TYPES.contains(value.asText()), at, allowed);
    }
  }

  private static void requireKnown(String place, JsonNode object, Set<String> names) {
    object
        .fieldNames()
        .forEachRemaining(
            name ->
                require(
                    names.contains(name),
                    place + '.' + EventText.shown(name),
                    "description, aliases and schema are allowed"));
  }

  private static void requireObject(String place, JsonNode node) {
    require(node.isObject(), place, "give an object");
  }

  private static void require(boolean good, String place, String allowed) {
    if (!good) {
      throw refused(place, allowed);
    }
  }

  private static IllegalArgumentException refused(String place, String allowed) {
    return new IllegalArgumentException("Cannot use the catalogue: " + place + ": " + allowed);
  }
}
