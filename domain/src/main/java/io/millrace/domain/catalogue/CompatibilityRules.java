package io.millrace.domain.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what a newer catalogue would refuse and an older one takes. The build compares with every
 * released version, so that yesterday's events stay good.
 */
public final class CompatibilityRules {
  private static final List<String> LOWER_LIMITS =
      List.of("minimum", "exclusiveMinimum", "minLength", "minItems");
  private static final List<String> UPPER_LIMITS =
      List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems");

  private CompatibilityRules() {}

  /** One line for each change that refuses what was good; empty when there is none. */
  public static List<String> breaks(Catalogue before, Catalogue after) {
    List<String> breaks = new ArrayList<>();
    for (EventTypeSchema old : before.types()) {
      if (after.find(old.name()).isEmpty()) {
        breaks.add(old.name() + ": the type is gone; keep the name as an alias");
        continue;
      }
      for (String alias : old.aliases()) {
        if (after.find(alias).isEmpty()) {
          breaks.add(old.name() + ": the alias " + alias + " is gone");
        }
      }
      narrowed(old.name(), old.schema(), after.find(old.name()).get().schema(), breaks);
    }
    return breaks;
  }

  private static void narrowed(String place, JsonNode old, JsonNode now, List<String> breaks) {
    narrowedTypes(place, old, now, breaks);
    narrowedValues(place, old, now, breaks);
    for (String limit : LOWER_LIMITS) {
      if (now.has(limit)
          && !(old.has(limit) && old.get(limit).asDouble() >= now.get(limit).asDouble())) {
        breaks.add(place + ": " + change(limit, old, now));
      }
    }
    for (String limit : UPPER_LIMITS) {
      if (now.has(limit)
          && !(old.has(limit) && old.get(limit).asDouble() <= now.get(limit).asDouble())) {
        breaks.add(place + ": " + change(limit, old, now));
      }
    }
    for (String name : Sets.difference(texts(now.path("required")), texts(old.path("required")))) {
      breaks.add(place + '.' + name + ": is now required");
    }
    now.path("properties")
        .fields()
        .forEachRemaining(
            property -> {
              String at = place + '.' + property.getKey();
              JsonNode oldProperty = old.path("properties").path(property.getKey());
              if (oldProperty.isMissingNode()) {
                // Objects are open: until now anything could stand under this name.
                breaks.add(at + ": was free and now has a schema");
              } else {
                narrowed(at, oldProperty, property.getValue(), breaks);
              }
            });
    if (now.has("items")) {
      if (old.has("items")) {
        narrowed(place + "[]", old.get("items"), now.get("items"), breaks);
      } else {
        breaks.add(place + "[]: was free and now has a schema");
      }
    }
  }

  private static void narrowedTypes(String place, JsonNode old, JsonNode now, List<String> breaks) {
    if (!now.has("type")) {
      return;
    }
    Set<String> allowed = new HashSet<>(texts(now.get("type")));
    if (allowed.contains("number")) {
      allowed.add("integer");
    }
    if (!old.has("type") || !allowed.containsAll(texts(old.get("type")))) {
      breaks.add(place + ": " + change("type", old, now));
    }
  }

  private static void narrowedValues(
      String place, JsonNode old, JsonNode now, List<String> breaks) {
    if (!now.has("enum") && !now.has("const")) {
      return;
    }
    Set<JsonNode> values = values(old);
    if (values.isEmpty() || !values(now).containsAll(values)) {
      breaks.add(place + ": " + change(now.has("enum") ? "enum" : "const", old, now));
    }
  }

  private static Set<JsonNode> values(JsonNode schema) {
    Set<JsonNode> values = new HashSet<>();
    schema.path("enum").forEach(values::add);
    if (schema.has("const")) {
      values.add(schema.get("const"));
    }
    return values;
  }

  private static Set<String> texts(JsonNode textOrList) {
    Set<String> texts = new HashSet<>();
    if (textOrList.isTextual()) {
      texts.add(textOrList.asText());
    }
    textOrList.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static String change(String keyword, JsonNode old, JsonNode now) {
    return keyword
        + " was "
        + (old.has(keyword) ? old.get(keyword) : "not limited")
        + " and is "
        + now.get(keyword);
  }
}
