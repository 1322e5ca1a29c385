package io.millrace.domain.yaml;

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

/** The form of a YAML file, as a JSON schema among the resources, and how its errors read. */
public final class YamlSchema {
  private final JsonNode document;
  private final Schema schema;

  private YamlSchema(JsonNode document) {
    this.document = document;
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document);
  }

  /**
   * Reads the schema.
   *
   * @param beside the class in whose package it lies
   */
  public static YamlSchema load(Class<?> beside, String file) {
    try (InputStream in = beside.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The schema " + file + " is not in the jar");
      }
      return new YamlSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the schema " + file, e);
    }
  }

  /** The schema itself, as JSON with line breaks. */
  public String text() {
    return document.toPrettyString();
  }

  /** What is wrong with the document, in the file's order. */
  public List<String> problems(YamlDocument yaml) {
    List<Error> errors = new ArrayList<>(schema.validate(yaml.root()));
    errors.sort(
        Comparator.comparingInt((Error error) -> yaml.line(pointer(error)))
            .thenComparing(YamlSchema::pointer));
    return errors.stream().map(error -> describe(yaml, error)).distinct().toList();
  }

  private String describe(YamlDocument yaml, Error error) {
    String pointer = pointer(error);
    JsonNode keyword = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" -> yaml.place(pointer) + " has no " + error.getProperty() + "; it needs one";
      case "additionalProperties" ->
          yaml.place(YamlDocument.child(pointer, error.getProperty()))
              + " is not known; "
              + names(error)
              + " are allowed";
      default ->
          yaml.place(pointer)
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
  private String names(Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    String parent = keyword.substring(0, keyword.lastIndexOf('/'));
    List<String> names = new ArrayList<>();
    document.at(parent).path("properties").fieldNames().forEachRemaining(names::add);
    document
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
