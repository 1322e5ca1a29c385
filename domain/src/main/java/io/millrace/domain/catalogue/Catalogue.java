package io.millrace.domain.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.event.EventText;
import io.millrace.domain.event.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The known event types, by name and by alias, with the schema of their properties. Rules across
 * fields are not here: they hold for every event, and {@code EventReader} has them. Immutable.
 */
public final class Catalogue {
  /** One file each, {@code <category>.json} beside this class. */
  public static final List<String> CATEGORIES =
      List.of(
          "page",
          "product",
          "conversion",
          "search",
          "interaction",
          "session",
          "error",
          "billing",
          "user",
          "asset",
          "project",
          "license",
          "royalty",
          "engagement",
          "system");

  private static final String OWN = "own";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Catalogue BUILT_IN = of(CATEGORIES.stream().map(Catalogue::load).toList());

  private final Map<String, EventTypeSchema> types;
  private final Map<String, EventTypeSchema> byAnyName;

  private Catalogue(Map<String, EventTypeSchema> types, Map<String, EventTypeSchema> byAnyName) {
    this.types = types;
    this.byAnyName = byAnyName;
  }

  /** The types that come with Millrace. */
  public static Catalogue builtIn() {
    return BUILT_IN;
  }

  /** Reads documents in the form of the catalogue's files. */
  static Catalogue of(Collection<JsonNode> documents) {
    Map<String, EventTypeSchema> types = new LinkedHashMap<>();
    for (JsonNode document : documents) {
      String category = document.path("category").asText();
      document
          .path("types")
          .fields()
          .forEachRemaining(
              entry -> {
                EventTypeSchema type =
                    EventTypeSchema.read(entry.getKey(), category, entry.getValue());
                if (types.put(type.name(), type) != null) {
                  throw new IllegalArgumentException(
                      "Cannot use the catalogue: type " + type.name() + " is given twice");
                }
              });
    }
    return index(types);
  }

  private static Catalogue index(Map<String, EventTypeSchema> types) {
    Map<String, EventTypeSchema> byAnyName = new HashMap<>(types);
    for (EventTypeSchema type : types.values()) {
      for (String alias : type.aliases()) {
        EventTypeSchema other = byAnyName.put(alias, type);
        if (other != null) {
          throw new IllegalArgumentException(
              "Cannot use the catalogue: "
                  + alias
                  + " names both "
                  + other.name()
                  + " and "
                  + type.name());
        }
      }
    }
    return new Catalogue(types, byAnyName);
  }

  private static JsonNode load(String category) {
    String file = category + ".json";
    try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The catalogue's file " + file + " is not in the jar");
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the catalogue's file " + file, e);
    }
  }

  /**
   * This and a tenant's own types, which win over ours of the same name: a later version of
   * Millrace may know a name that the tenant has used before.
   *
   * @throws IllegalArgumentException when a type is not in the form of the catalogue's files, has
   *     aliases, or is named like an alias of ours
   */
  public Catalogue with(Map<String, JsonNode> ownTypes) {
    if (ownTypes.isEmpty()) {
      return this;
    }
    Map<String, EventTypeSchema> all = new LinkedHashMap<>(types);
    ownTypes.forEach(
        (name, entry) -> {
          EventTypeSchema own = EventTypeSchema.read(name, OWN, entry);
          if (!own.aliases().isEmpty()) {
            throw new IllegalArgumentException(
                "Cannot use the catalogue: type "
                    + name
                    + ": a type of your own has no aliases; give each name a type");
          }
          String canonical = canonical(name);
          if (!canonical.equals(name)) {
            throw new IllegalArgumentException(
                "Cannot use the catalogue: type "
                    + name
                    + ": the name already means "
                    + canonical
                    + "; choose another");
          }
          all.put(name, own);
        });
    return index(all);
  }

  /** All types, in the order of the files. */
  public List<EventTypeSchema> types() {
    return new ArrayList<>(types.values());
  }

  /** The type of that name or alias. */
  public Optional<EventTypeSchema> find(String name) {
    return Optional.ofNullable(byAnyName.get(name));
  }

  /** The name that an alias stands for; any other name as it is. */
  public String canonical(String eventType) {
    EventTypeSchema type = byAnyName.get(eventType);
    return type == null ? eventType : type.name();
  }

  /** Compiles all schemas now, so that no event has to wait for it. */
  public void compile() {
    types.values().forEach(EventTypeSchema::compile);
  }

  /**
   * What is wrong with an event, if anything.
   *
   * @param properties one JSON object as text, or null when there are none
   */
  public Optional<Finding> check(String eventType, String properties) {
    EventTypeSchema type = byAnyName.get(eventType);
    if (type == null) {
      return Optional.of(
          new Finding(
              Refusal.UNKNOWN_EVENT_TYPE,
              "eventType is \""
                  + EventText.shown(eventType)
                  + "\", which is not in the catalogue; give one of its "
                  + types.size()
                  + " types, or add this one to the tenant's own"));
    }
    return type.check(properties);
  }
}
