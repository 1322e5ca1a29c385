package io.millrace.domain.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes properties that a schema takes, with every limit and every value of a list, and writes them
 * beside a copy of the catalogue when a version of it is released.
 */
final class CatalogueExamples {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CatalogueExamples() {}

  /** {@code main <folder of released catalogues> <version>}. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0], args[1]));
    List<String> lines = new ArrayList<>();
    for (String category : Catalogue.CATEGORIES) {
      try (InputStream in = Catalogue.class.getResourceAsStream(category + ".json")) {
        Files.copy(in, folder.resolve(category + ".json"));
      }
    }
    for (EventTypeSchema type : Catalogue.builtIn().types()) {
      lines.addAll(lines(type));
    }
    Files.write(folder.resolve("generated.ndjson"), lines);
  }

  private static List<String> lines(EventTypeSchema type) throws IOException {
    List<String> names = new ArrayList<>(List.of(type.name()));
    names.addAll(type.aliases());
    Set<String> lines = new LinkedHashSet<>();
    for (String name : names) {
      lines.add(line(name, NODES.objectNode()));
    }
    for (JsonNode properties : of(type.schema())) {
      lines.add(line(type.name(), properties));
    }
    return List.copyOf(lines);
  }

  private static String line(String name, JsonNode properties) throws IOException {
    ObjectNode line = NODES.objectNode();
    line.put("eventType", name);
    line.set("properties", properties);
    return JSON.writeValueAsString(line);
  }

  /** Values that a schema takes, its limits among them. */
  static List<JsonNode> of(JsonNode schema) {
    if (schema.has("const")) {
      return List.of(schema.get("const"));
    }
    if (schema.has("enum")) {
      List<JsonNode> values = new ArrayList<>();
      schema.get("enum").forEach(values::add);
      return values;
    }
    return switch (schema.path("type").asText()) {
      case "integer" -> numbers(schema, "7");
      case "number" -> numbers(schema, "0.5");
      case "boolean" -> List.of(NODES.booleanNode(true), NODES.booleanNode(false));
      case "array" -> lists(schema);
      case "object" -> objects(schema);
      default -> texts(schema);
    };
  }

  private static List<JsonNode> numbers(JsonNode schema, String usual) {
    List<JsonNode> values = new ArrayList<>();
    BigDecimal lowest = schema.has("minimum") ? schema.get("minimum").decimalValue() : null;
    BigDecimal highest = schema.has("maximum") ? schema.get("maximum").decimalValue() : null;
    BigDecimal middle = new BigDecimal(usual);
    if (lowest != null) {
      values.add(NODES.numberNode(lowest));
      middle = middle.max(lowest);
    }
    if (highest != null) {
      values.add(NODES.numberNode(highest));
      middle = middle.min(highest);
    }
    values.add(NODES.numberNode(middle));
    return values;
  }

  private static List<JsonNode> texts(JsonNode schema) {
    int shortest = schema.path("minLength").asInt(0);
    int longest = schema.path("maxLength").asInt(20);
    return List.of(NODES.textNode("x".repeat(shortest)), NODES.textNode("ü".repeat(longest)));
  }

  private static List<JsonNode> lists(JsonNode schema) {
    ArrayNode full = NODES.arrayNode();
    of(schema.path("items")).forEach(full::add);
    return List.of(NODES.arrayNode(), full);
  }

  /** One object with everything, then one for each further value of each property. */
  private static List<JsonNode> objects(JsonNode schema) {
    List<JsonNode> objects = new ArrayList<>();
    ObjectNode full = NODES.objectNode();
    schema
        .path("properties")
        .fields()
        .forEachRemaining(property -> full.set(property.getKey(), of(property.getValue()).get(0)));
    objects.add(full);
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            property -> {
              for (JsonNode value : of(property.getValue())) {
                objects.add(NODES.objectNode().set(property.getKey(), value));
              }
            });
    return objects;
  }
}
