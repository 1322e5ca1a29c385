package io.millrace.domain.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.alert.AlertRulesReader.Refusals;
import io.millrace.domain.yaml.DurationText;
import java.util.List;
import java.util.Set;

/** Reads what a rule is about from what the schema has let through. */
final class ConditionReader {
  private static final List<String> KINDS =
      List.of("anomaly", "threshold", "change", "drop", "dead-letters", "freshness");
  private static final String USUAL_WINDOW = "15 min";
  private static final double LEAST_CHANGED = 10;
  private static final long LEAST_SAMPLE = 100;

  private final Refusals refusals;

  ConditionReader(Refusals refusals) {
    this.refusals = refusals;
  }

  /** Returns null, having said why, where the rule has no kind or several. */
  Condition read(String place, JsonNode rule) {
    List<String> given = KINDS.stream().filter(rule::has).toList();
    if (given.size() != 1) {
      refusals.refuse(
          place,
          String.join(", ", given),
          "exactly one of " + String.join(", ", KINDS) + " is allowed");
      return null;
    }
    String kind = given.get(0);
    JsonNode condition = rule.get(kind);
    String at = place + '/' + kind;
    return switch (kind) {
      case "anomaly" ->
          new Condition.Anomaly(
              Severity.named(condition.get("severity").asText()),
              new Condition.Selection(
                  AlertRulesReader.texts(condition.path("metrics")),
                  AlertRulesReader.texts(condition.path("groupings")),
                  AlertRulesReader.texts(condition.path("values"))));
      case "threshold" -> threshold(at, condition);
      case "change" -> change(at, condition);
      case "drop" -> drop(at, condition);
      case "dead-letters" ->
          new Condition.DeadLetters(
              condition.get("above-percent").asDouble(),
              condition.path("least-events").asLong(LEAST_SAMPLE));
      case "freshness" ->
          new Condition.Freshness(DurationText.parse(condition.get("behind").asText()));
      default -> throw new IllegalStateException("The schema lets through the kind " + kind);
    };
  }

  private Condition threshold(String place, JsonNode given) {
    Double above = number(given.path("above"));
    Double below = number(given.path("below"));
    if (above == null && below == null) {
      refusals.refuse(place, "", "above, below or both are allowed");
    }
    return new Condition.Threshold(selection(given), windowMillis(given), above, below);
  }

  private Condition change(String place, JsonNode given) {
    Double up = number(given.path("up-by-percent"));
    Double down = number(given.path("down-by-percent"));
    if (up == null && down == null) {
      refusals.refuse(place, "", "up-by-percent, down-by-percent or both are allowed");
    }
    return new Condition.Change(
        selection(given),
        windowMillis(given),
        up,
        down,
        given.path("least").asDouble(LEAST_CHANGED));
  }

  private Condition drop(String place, JsonNode given) {
    if (given.has("funnel") == given.has("goal")) {
      refusals.refuse(
          place, given.has("goal") ? "funnel, goal" : "", "exactly one of funnel, goal is allowed");
    }
    boolean funnel = given.has("funnel");
    return new Condition.Drop(
        funnel ? MeasureFact.FUNNEL_RATE : MeasureFact.GOAL_RATE,
        given.path(funnel ? "funnel" : "goal").asText(),
        given.get("by-percent").asDouble(),
        given.path("least-entries").asLong(LEAST_SAMPLE));
  }

  private static Condition.Selection selection(JsonNode given) {
    return new Condition.Selection(
        Set.of(given.get("metric").asText()),
        Set.of(given.path("grouping").asText("all")),
        AlertRulesReader.texts(given.path("values")));
  }

  private static long windowMillis(JsonNode given) {
    return DurationText.parse(given.path("window").asText(USUAL_WINDOW)).toMillis();
  }

  private static Double number(JsonNode given) {
    return given.isMissingNode() ? null : Double.valueOf(given.asDouble());
  }
}
