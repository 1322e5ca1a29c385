package io.millrace.domain.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The catalogue as TypeScript, so that an editor knows what an event may carry. */
public final class TypeScriptTypes {
  private static final String OPEN = "[property: string]: unknown;\n";

  private TypeScriptTypes() {}

  /**
   * A declaration file: one interface for each type's properties, and one that maps types to it.
   */
  public static String of(Catalogue catalogue) {
    StringBuilder out = new StringBuilder(64 * 1024);
    out.append("// Made from the event catalogue; do not edit.\n");
    for (EventTypeSchema type : catalogue.types()) {
      out.append("\n/** ").append(type.description()).append(" */\n");
      out.append("export interface ").append(interfaceName(type)).append(' ');
      object(out, type.schema(), "");
      out.append('\n');
    }
    out.append("\n/** The properties of each event type. */\nexport interface EventProperties {\n");
    for (EventTypeSchema type : catalogue.types()) {
      out.append("  ").append(type.name()).append(": ").append(interfaceName(type)).append(";\n");
    }
    return out.append("}\n\nexport type EventType = keyof EventProperties;\n").toString();
  }

  private static String interfaceName(EventTypeSchema type) {
    StringBuilder name = new StringBuilder();
    for (String word : type.name().split("[_.]")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.append("Properties").toString();
  }

  private static void object(StringBuilder out, JsonNode schema, String indent) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    String inner = indent + "  ";
    out.append("{\n");
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String description = property.getValue().path("description").asText();
      if (!description.isEmpty()) {
        out.append(inner).append("/** ").append(description).append(" */\n");
      }
      out.append(inner).append(property.getKey());
      out.append(required.contains(property.getKey()) ? ": " : "?: ");
      value(out, property.getValue(), inner);
      out.append(";\n");
    }
    out.append(inner).append(OPEN).append(indent).append('}');
  }

  private static void value(StringBuilder out, JsonNode schema, String indent) {
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.get("enum").forEach(one -> values.add(one.toString()));
      out.append(String.join(" | ", values));
      return;
    }
    switch (schema.path("type").asText()) {
      case "string" -> out.append("string");
      case "integer", "number" -> out.append("number");
      case "boolean" -> out.append("boolean");
      case "object" -> object(out, schema, indent);
      case "array" -> {
        out.append("Array<");
        value(out, schema.path("items"), indent);
        out.append('>');
      }
      default -> out.append("unknown");
    }
  }
}
