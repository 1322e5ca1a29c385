package io.millrace.domain.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.domain.event.EventText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The form of a definitions file, {@code definitions.schema.json}, and how its errors read. */
final class DefinitionsSchema {
  private static final String FILE = "definitions.schema.json";
  private static final JsonNode DOCUMENT = load();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(DOCUMENT);

  private DefinitionsSchema() {}

  private static JsonNode load() {
    try (InputStream in = DefinitionsSchema.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("The schema " + FILE + " is not in the jar");
      }
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the schema " + FILE, e);
    }
  }

  /** The schema itself, as JSON with line breaks. */
  static String text() {
    return DOCUMENT.toPrettyString();
  }

  /** What is wrong with the document, in the file's order. */
  static List<String> problems(YamlDocument document) {
    List<Error> errors = new ArrayList<>(SCHEMA.validate(document.root()));
    errors.sort(
        Comparator.comparingInt((Error error) -> document.line(pointer(error)))
            .thenComparing(DefinitionsSchema::pointer));
    return errors.stream().map(error -> describe(document, error)).distinct().toList();
  }

  private static String describe(YamlDocument document, Error error) {
    String pointer = pointer(error);
    JsonNode keyword = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" ->
          document.place(pointer) + " has no " + error.getProperty() + "; it needs one";
      case "additionalProperties" ->
          document.place(YamlDocument.child(pointer, error.getProperty()))
              + " is not known; "
              + names(error)
              + " are allowed";
      default ->
          document.place(pointer)
              + " is "
              + EventText.shown(error.getInstanceNode().toString())
              + "; "
              + allowed(error.getKeyword(), keyword);
    };
  }

  private static String pointer(Error error) {
    return error.getInstanceLocation().toString();
  }

  /** The names that an object may have: those beside the keyword that refused one. */
  private static String names(Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    String parent = keyword.substring(0, keyword.lastIndexOf('/'));
    List<String> names = new ArrayList<>();
    DOCUMENT.at(parent).path("properties").fieldNames().forEachRemaining(names::add);
    DOCUMENT
        .at(parent)
        .path("patternProperties")
        .fieldNames()
        .forEachRemaining(pattern -> names.add("names that match " + pattern));
    return String.join(", ", names);
  }

  private static String allowed(String keyword, JsonNode value) {
    return switch (keyword) {
      case "type" -> kinds(value) + " is allowed";
      case "enum" -> list(value) + " are allowed";
      case "pattern" -> "what matches " + value.asText() + " is allowed";
      case "minimum" -> "at least " + value.asText() + " is allowed";
      case "maximum" -> "at most " + value.asText() + " is allowed";
      case "minLength" -> "at least " + value.asText() + " characters are allowed";
      case "maxLength" -> "at most " + value.asText() + " characters are allowed";
      case "minItems" -> "at least " + value.asText() + " elements are allowed";
      case "maxItems" -> "at most " + value.asText() + " elements are allowed";
      case "minProperties" -> "at least " + value.asText() + " names are allowed";
      case "maxProperties" -> "at most " + value.asText() + " names are allowed";
      default -> "what the schema says under " + keyword + " is allowed";
    };
  }

  private static String kinds(JsonNode type) {
    if (type.isTextual()) {
      return kind(type.asText());
    }
    List<String> kinds = new ArrayList<>();
    type.forEach(one -> kinds.add(kind(one.asText())));
    return String.join(" or ", kinds);
  }

  private static String kind(String type) {
    return switch (type) {
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "string" -> "a text";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "an object";
      default -> type;
    };
  }

  private static String list(JsonNode values) {
    List<String> list = new ArrayList<>();
    values.forEach(one -> list.add(one.asText()));
    return String.join(", ", list);
  }
}
