package io.millrace.domain.definitions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.hash.Hashing;
import com.google.re2j.PatternSyntaxException;
import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.event.EventText;
import io.millrace.domain.event.EventTypes;
import io.millrace.domain.yaml.DurationText;
import io.millrace.domain.yaml.InvalidYamlException;
import io.millrace.domain.yaml.YamlDocument;
import io.millrace.domain.yaml.YamlSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes definitions of one file's text, or says everything that is wrong with it. */
final class DefinitionsReader {
  static final YamlSchema SCHEMA =
      YamlSchema.load(DefinitionsReader.class, "definitions.schema.json");

  private static final int VERSION_DIGITS = 12;
  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final YamlDocument document;
  private final List<String> problems = new ArrayList<>();

  DefinitionsReader(String file, String yaml) {
    try {
      this.document = YamlDocument.read(file, yaml);
    } catch (InvalidYamlException e) {
      throw new InvalidDefinitionsException(e.problems());
    }
  }

  Definitions read() {
    problems.addAll(SCHEMA.problems(document));
    requireNoProblems();

    JsonNode root = document.root();
    List<GoalDefinition> goals = new ArrayList<>();
    for (var goal : root.path("goals").properties()) {
      goals.add(goal(YamlDocument.child("/goals", goal.getKey()), goal.getKey(), goal.getValue()));
    }
    List<FunnelDefinition> funnels = new ArrayList<>();
    for (var funnel : root.path("funnels").properties()) {
      String place = YamlDocument.child("/funnels", funnel.getKey());
      funnels.add(funnel(place, funnel.getKey(), funnel.getValue()));
    }
    requireNoProblems();
    return new Definitions(version(root), goals, funnels);
  }

  private GoalDefinition goal(String place, String name, JsonNode goal) {
    JsonNode value = goal.path("value");
    Long fixedCents = value.isTextual() ? null : Long.valueOf(value.asLong(0));
    return new GoalDefinition(
        name, version(goal), predicate(place + "/when", goal.get("when")), fixedCents);
  }

  private FunnelDefinition funnel(String place, String name, JsonNode funnel) {
    List<FunnelDefinition.Step> steps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    JsonNode given = funnel.get("steps");
    for (int i = 0; i < given.size(); i++) {
      String step = place + "/steps/" + i;
      String stepName = given.get(i).get("name").asText();
      if (!names.add(stepName)) {
        refuse(step + "/name", stepName, "another step has it; give each step its own name");
      }
      steps.add(
          new FunnelDefinition.Step(stepName, predicate(step + "/when", given.get(i).get("when"))));
    }
    boolean perSession = funnel.get("per").asText().equals("session");
    long withinMs = withinMs(place + "/within", funnel.path("within").asText(""));
    return new FunnelDefinition(name, version(funnel), perSession, withinMs, steps);
  }

  private long withinMs(String place, String text) {
    if (text.isEmpty()) {
      return Definitions.LONGEST_WITHIN.toMillis();
    }
    Duration within = DurationText.parse(text);
    if (within.compareTo(Definitions.LONGEST_WITHIN) > 0) {
      refuse(place, text, "at most " + Definitions.LONGEST_WITHIN.toDays() + " d are allowed");
    }
    return within.toMillis();
  }

  private EventPredicate predicate(String place, JsonNode when) {
    Set<String> events = new LinkedHashSet<>();
    // The enrichment gives every event its type's usual name, so an alias would never match.
    texts(when.path("event")).forEach(type -> events.add(Catalogue.builtIn().canonical(type)));
    PagePattern page = page(place, when);
    if (events.isEmpty() && page != null) {
      events.add(EventTypes.PAGE_VIEW);
    }
    return new EventPredicate(
        events,
        page,
        fields(place + "/fields", when.path("fields")),
        properties(when.path("properties")));
  }

  private PagePattern page(String place, JsonNode when) {
    JsonNode like = when.path("page");
    JsonNode regex = when.path("page-regex");
    if (!like.isMissingNode() && !regex.isMissingNode()) {
      refuse(
          place + "/page-regex",
          regex.asText(),
          "page is given as well; give one of the two, or write both as one regular expression");
      return null;
    }
    if (!like.isMissingNode()) {
      return PagePattern.like(texts(like));
    }
    if (regex.isMissingNode()) {
      return null;
    }
    try {
      return PagePattern.found(regex.asText());
    } catch (PatternSyntaxException e) {
      refuse(
          place + "/page-regex",
          regex.asText(),
          "a regular expression in the syntax of RE2 is allowed, and this has: "
              + e.getDescription());
      return null;
    }
  }

  private Map<EventColumn, ValueCondition> fields(String place, JsonNode fields) {
    Map<EventColumn, ValueCondition> conditions = new EnumMap<>(EventColumn.class);
    for (var field : fields.properties()) {
      EventColumn column = EventColumn.named(field.getKey());
      if (column == null) {
        refuse(
            YamlDocument.child(place, field.getKey()),
            field.getKey(),
            EventColumn.NAMES + " are allowed");
      } else {
        conditions.put(column, ValueCondition.read(field.getValue()));
      }
    }
    return conditions;
  }

  private static Map<String, ValueCondition> properties(JsonNode properties) {
    Map<String, ValueCondition> conditions = new LinkedHashMap<>();
    for (var property : properties.properties()) {
      conditions.put(property.getKey(), ValueCondition.read(property.getValue()));
    }
    return conditions;
  }

  /** The elements of a list, or the one text. */
  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(one -> texts.add(one.asText()));
    } else if (!node.isMissingNode()) {
      texts.add(node.asText());
    }
    return texts;
  }

  private void refuse(String place, String value, String allowed) {
    problems.add(document.place(place) + " is \"" + EventText.shown(value) + "\"; " + allowed);
  }

  private void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidDefinitionsException(problems);
    }
  }

  /** Follows from what the node says, not from the order of its names. */
  private static String version(JsonNode node) {
    try {
      String text = SORTED.writeValueAsString(SORTED.treeToValue(node, Object.class));
      return Hashing.sha256()
          .hashString(text, StandardCharsets.UTF_8)
          .toString()
          .substring(0, VERSION_DIGITS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Definitions that were read cannot be written", e);
    }
  }
}
