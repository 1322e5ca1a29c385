package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.pipeline.LakeReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVRecord;
import org.apache.iceberg.data.Record;

/** Conversions, credits and funnels of the sets of real traffic that have goals. */
record GoalAnswers(
    Map<String, List<Record>> conversions,
    Map<String, List<Record>> credits,
    Map<String, List<Record>> steps) {
  static final List<String> SETS = List.of("blog-2016", "shop-2019-a", "apache-2015");

  /** By the name in the expected answers. */
  private static final Map<String, String> MODELS =
      Map.of(
          "first", "first",
          "last", "last",
          "last_non_direct", "last_non_direct",
          "linear", "linear",
          "position_40_20_40", "position_based");

  /** Writes the goal and the funnels of a set as a tenant's definitions. */
  static void define(String set, Path folder, String tenant) throws IOException {
    JsonNode all = new Expected(set).summary().get("all");
    StringBuilder yaml = new StringBuilder("goals:\n  goal: {when: ");
    yaml.append(predicate(all.get("goal"))).append("}\nfunnels:\n");
    for (String per : List.of("session", "visitor")) {
      yaml.append("  by-").append(per).append(":\n    per: ").append(per).append("\n    steps:\n");
      int number = 0;
      for (JsonNode step : all.get("funnel_steps")) {
        yaml.append("      - {name: step ").append(++number).append(", when: ");
        yaml.append(predicate(step)).append("}\n");
      }
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(tenant + ".yaml"), yaml);
  }

  private static String predicate(JsonNode pair) {
    if (pair.get(0).asText().equals("page")) {
      return "{page-regex: '" + pair.get(1).asText() + "'}";
    }
    String action =
        pair.get(1).isNull() ? "" : ", properties: {action: " + pair.get(1).asText() + "}";
    return "{event: " + pair.get(0).asText() + action + "}";
  }

  static GoalAnswers read(LakeReader lake) throws IOException {
    return new GoalAnswers(
        lake.byTenant("conversions"), lake.byTenant("attribution"), lake.byTenant("funnel_steps"));
  }

  void assertExpected(String set, String tenant) throws IOException {
    JsonNode all = new Expected(set).summary().get("all");
    List<Record> converted = conversions.get(tenant);
    assertThat(converted).hasSize(all.get("conversions").asInt());
    assertThat(distinct(converted, "conversion_id")).isEqualTo(all.get("conversions").asLong());
    assertThat(distinct(converted, "visitor_id"))
        .isEqualTo(all.get("converting_visitors").asLong());
    assertThat(distinct(converted, "session_id"))
        .isEqualTo(all.get("converting_sessions").asLong());
    assertThat(reached(tenant, "by-session", all.get("funnel_sessions").size()))
        .isEqualTo(numbers(all.get("funnel_sessions")));
    assertThat(reached(tenant, "by-visitor", all.get("funnel_visitors").size()))
        .isEqualTo(numbers(all.get("funnel_visitors")));
    assertCredits(set, all, credits.get(tenant), converted.size());
  }

  /**
   * Credits by channel, of each model. The channel of a session is that of the expected answers, as
   * their list of hosts is another than ours.
   */
  private static void assertCredits(String set, JsonNode all, List<Record> credits, int conversions)
      throws IOException {
    Map<String, String> channels = new HashMap<>();
    for (CSVRecord session : new Expected(set).csv("sessions.csv.gz")) {
      channels.put(session.get("visitorId") + '@' + session.get("start"), session.get("channel"));
    }
    Map<String, BigDecimal> sums = new TreeMap<>();
    Map<String, Map<String, BigDecimal>> byModel = new TreeMap<>();
    for (Record credit : credits) {
      long touchedAt = ((OffsetDateTime) credit.getField("touched_at")).toInstant().toEpochMilli();
      String model = (String) credit.getField("model");
      BigDecimal share = (BigDecimal) credit.getField("credit");
      sums.merge(model, share, BigDecimal::add);
      byModel
          .computeIfAbsent(model, name -> new TreeMap<>())
          .merge(
              channels.get(credit.getField("visitor_id").toString() + '@' + touchedAt),
              share,
              BigDecimal::add);
    }
    assertThat(sums).hasSize(6);
    sums.forEach((model, sum) -> assertThat(sum).as(model).isEqualByComparingTo("" + conversions));
    MODELS.forEach(
        (name, model) -> {
          Map<String, BigDecimal> found = byModel.get(model);
          assertThat(found.keySet())
              .as(name)
              .containsExactlyInAnyOrderElementsOf(all.get("attribution").get(name)::fieldNames);
          found.forEach(
              (channel, credit) -> {
                double wanted = all.get("attribution").get(name).get(channel).asDouble();
                // The answers are rounded to six digits.
                assertThat(credit.doubleValue())
                    .as(name + ' ' + channel)
                    .isBetween(wanted - 0.000001, wanted + 0.000001);
              });
        });
  }

  private List<Long> reached(String tenant, String funnel, int steps) {
    List<Long> reached = new ArrayList<>();
    for (int number = 1; number <= steps; number++) {
      Integer step = number;
      reached.add(
          this.steps.get(tenant).stream()
              .filter(row -> funnel.equals(row.getField("funnel")))
              .filter(row -> step.equals(row.getField("step")))
              .count());
    }
    return reached;
  }

  private static List<Long> numbers(JsonNode list) {
    List<Long> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asLong()));
    return numbers;
  }

  private static long distinct(List<Record> rows, String column) {
    return rows.stream().map(row -> row.getField(column)).distinct().count();
  }
}
