package io.millrace.domain.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.domain.event.EventText;
import io.millrace.domain.event.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event type of the catalogue: its names, what it means, and the JSON Schema of its {@code
 * properties}. Thread-safe.
 */
public final class EventTypeSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fetches nothing: {@link SchemaKeywords} lets no reference through. */
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final String name;
  private final String category;
  private final String description;
  private final List<String> aliases;
  private final JsonNode schema;

  /** What a text has in it if the schema says anything about it; null if it may about any. */
  private final List<String> quotedNames;

  /** Compiled when it is first needed: a job only wants the names. */
  private volatile Schema compiled;

  private EventTypeSchema(
      String name, String category, String description, List<String> aliases, JsonNode schema) {
    this.name = name;
    this.category = category;
    this.description = description;
    this.aliases = aliases;
    this.schema = schema;
    this.quotedNames = quotedNames(schema);
  }

  private static List<String> quotedNames(JsonNode schema) {
    for (String keyword : (Iterable<String>) schema::fieldNames) {
      if (!List.of("type", "description", "properties").contains(keyword)) {
        return null;
      }
    }
    List<String> quoted = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(name -> quoted.add('"' + name + '"'));
    return quoted;
  }

  /** Reads one entry of {@code "types"}; refuses what is not in its form. */
  static EventTypeSchema read(String name, String category, JsonNode entry) {
    SchemaKeywords.requireEntry(name, entry);
    List<String> aliases = JSON.convertValue(entry.path("aliases"), StringList.class);
    return new EventTypeSchema(
        name,
        category,
        entry.path("description").asText(),
        aliases == null ? List.of() : List.copyOf(aliases),
        entry.path("schema").isMissingNode() ? JSON.createObjectNode() : entry.path("schema"));
  }

  public String name() {
    return name;
  }

  /** The file it stands in, for example {@code page}; {@code own} for a tenant's own type. */
  public String category() {
    return category;
  }

  public String description() {
    return description;
  }

  /** Names that mean the same, mostly older ones. */
  public List<String> aliases() {
    return aliases;
  }

  /** JSON Schema 2020-12 of the event's {@code properties}. */
  public JsonNode schema() {
    return schema;
  }

  /** Compiles the schema now rather than at the first event. */
  void compile() {
    compiled();
  }

  /**
   * What is wrong with the properties, if anything.
   *
   * @param properties one JSON object as text, or null when there are none
   */
  Optional<Finding> check(String properties) {
    if (properties == null) {
      return schema.path("required").isEmpty() ? Optional.empty() : check("{}");
    }
    if (!mayConcern(properties)) {
      return Optional.empty();
    }
    JsonNode node;
    try {
      node = JSON.readTree(properties);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Properties are no JSON, though an event has them", e);
    }
    List<Error> errors = compiled().validate(node);
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(new Finding(Refusal.PROPERTY_INVALID, describe(errors.get(0))));
  }

  /** A look at the text, which is all that events with a tenant's own properties ever get. */
  private boolean mayConcern(String properties) {
    if (quotedNames == null || properties.indexOf('\\') >= 0) {
      return true;
    }
    for (String name : quotedNames) {
      if (properties.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private Schema compiled() {
    Schema ready = compiled;
    if (ready == null) {
      ready = REGISTRY.getSchema(schema);
      ready.initializeValidators();
      compiled = ready;
    }
    return ready;
  }

  private String describe(Error error) {
    String place = "properties" + error.getInstanceLocation().toString().replace('/', '.');
    JsonNode allowed = error.getSchemaNode();
    if (error.getKeyword().equals("required")) {
      return place + " has no " + error.getProperty() + "; " + name + " needs it";
    }
    return EventText.shown(place)
        + " is "
        + EventText.shown(error.getInstanceNode().toString())
        + "; "
        + name
        + " takes "
        + allowed(error.getKeyword(), allowed);
  }

  private static String allowed(String keyword, JsonNode value) {
    return switch (keyword) {
      case "type" -> types(value);
      case "enum" -> "one of " + list(value);
      case "const" -> value.toString();
      case "minimum" -> "at least " + value.asText();
      case "maximum" -> "at most " + value.asText();
      case "exclusiveMinimum" -> "more than " + value.asText();
      case "exclusiveMaximum" -> "less than " + value.asText();
      case "minLength" -> "at least " + value.asText() + " characters";
      case "maxLength" -> "at most " + value.asText() + " characters";
      case "minItems" -> "at least " + value.asText() + " elements";
      case "maxItems" -> "at most " + value.asText() + " elements";
      default -> "what its schema says under " + keyword;
    };
  }

  private static String types(JsonNode type) {
    if (type.isTextual()) {
      return kind(type.asText());
    }
    StringBuilder kinds = new StringBuilder();
    type.forEach(one -> kinds.append(kinds.isEmpty() ? "" : " or ").append(kind(one.asText())));
    return kinds.toString();
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
    StringBuilder list = new StringBuilder();
    values.forEach(one -> list.append(list.isEmpty() ? "" : ", ").append(one.asText()));
    return list.toString();
  }

  private static final class StringList extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
  }
}
