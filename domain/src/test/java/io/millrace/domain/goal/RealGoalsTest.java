package io.millrace.domain.goal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.attribution.AttributionModel;
import io.millrace.domain.attribution.AttributionRules;
import io.millrace.domain.attribution.Credit;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.enrich.EnrichmentRules;
import io.millrace.domain.enrich.SharedData;
import io.millrace.domain.event.Event;
import io.millrace.domain.funnel.FunnelRules;
import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares conversions, funnels and all models of attribution with answers that an independent
 * program computed from real access logs: by the channels of those answers, as its list of hosts is
 * another than ours, and then by our own. No difference is left that a tie of events would explain.
 */
class RealGoalsTest {
  private static final SessionRules SESSIONS = SessionRules.withGap(Duration.ofMinutes(30));
  private static final Map<String, String> MODELS =
      Map.of(
          "first", "first",
          "last", "last",
          "last_non_direct", "last_non_direct",
          "linear", "linear",
          "position_40_20_40", "position_based");
  private static final OwnHosts OWN_HOSTS =
      OwnHosts.of(
          Map.of(
              "blog-2016",
              Set.of("sparkdeveloper.com", "agilemobiledeveloper.com", "mongodbdev.com"),
              "shop-2019-a",
              Set.of("zanbil.ir", "znbl.ir", "www-zanbil-ir.cdn.ampproject.org"),
              "apache-2015",
              Set.of("semicomplete.com")));

  /** What an expected session says of channel, goal and funnel. */
  private record Expected(String channel, boolean converted, int funnelStep) {}

  /** All that one set gives. */
  private record Answers(
      List<Conversion> conversions,
      List<Credit> credits,
      List<FunnelStep> steps,
      Map<String, String> channelDifferences) {}

  @ParameterizedTest
  @CsvSource({"blog-2016", "shop-2019-a", "apache-2015"})
  void givesTheExpectedConversionsFunnelsAndCredits(String set) throws IOException {
    JsonNode summary = summary(set);
    Map<String, Expected> sessions = expectedSessions(set);
    Set<String> bots = new HashSet<>();
    Map<String, List<Event>> visitors = visitors(set, bots);

    Answers answers = answers(set, summary.get("all"), visitors, sessions, true);
    Answers ours = answers(set, summary.get("all"), visitors, sessions, false);

    assertAll(summary.get("all"), answers, row -> true);
    assertAll(summary.get("humans"), answers, visitor -> !bots.contains(visitor));
    assertSessions(sessions, answers);
    assertThat(
            answers.credits.stream()
                .filter(credit -> credit.model.equals(AttributionModel.TIME_DECAY.label()))
                .mapToLong(credit -> credit.creditNanos)
                .sum())
        .isEqualTo(answers.conversions.size() * AttributionRules.WHOLE);
    assertThat(ours.channelDifferences.size()).isLessThanOrEqualTo(sessions.size() / 100);
    assertSameCreditsButWhereChannelsDiffer(answers, ours);
  }

  /**
   * Our list of referrers knows some hosts that the other list does not. A credit may differ only
   * where one of the visitor's sessions has another channel.
   */
  private static void assertSameCreditsButWhereChannelsDiffer(Answers theirs, Answers ours) {
    Set<String> differing = new HashSet<>();
    ours.channelDifferences.keySet().forEach(key -> differing.add(key.split(" ")[0]));
    Map<String, Credit> byId = new HashMap<>();
    theirs.credits.forEach(credit -> byId.put(credit.id(), credit));
    List<Credit> unexplained = new ArrayList<>();
    for (Credit credit : ours.credits) {
      Credit other = byId.remove(credit.id());
      boolean same =
          other != null
              && credit.creditNanos == other.creditNanos
              && credit.channel.equals(other.channel);
      if (!same && !differing.contains(credit.visitorId)) {
        unexplained.add(credit);
      }
    }
    byId.values().stream()
        .filter(credit -> !differing.contains(credit.visitorId))
        .forEach(unexplained::add);
    assertThat(unexplained).isEmpty();
  }

  private static void assertAll(JsonNode expected, Answers answers, Predicate<String> visitors) {
    List<Conversion> conversions =
        answers.conversions.stream().filter(c -> visitors.test(c.visitorId)).toList();
    assertThat(conversions).hasSize(expected.get("conversions").asInt());
    assertThat(conversions.stream().map(c -> c.conversionId)).doesNotHaveDuplicates();
    assertThat(conversions.stream().map(c -> c.visitorId).distinct())
        .hasSize(expected.get("converting_visitors").asInt());
    assertThat(conversions.stream().map(c -> c.sessionId).distinct())
        .hasSize(expected.get("converting_sessions").asInt());

    List<FunnelStep> steps =
        answers.steps.stream().filter(step -> visitors.test(step.visitorId)).toList();
    assertThat(reached(steps, "by-session", expected.get("funnel_steps").size()))
        .isEqualTo(numbers(expected.get("funnel_sessions")));
    assertThat(reached(steps, "by-visitor", expected.get("funnel_steps").size()))
        .isEqualTo(numbers(expected.get("funnel_visitors")));

    MODELS.forEach(
        (name, model) -> {
          Map<String, Double> credits = new TreeMap<>();
          answers.credits.stream()
              .filter(credit -> credit.model.equals(model) && visitors.test(credit.visitorId))
              .forEach(
                  credit -> credits.merge(credit.channel, credit.creditNanos / 1e9, Double::sum));
          Map<String, Double> wanted = new TreeMap<>();
          expected
              .get("attribution")
              .get(name)
              .properties()
              .forEach(entry -> wanted.put(entry.getKey(), entry.getValue().asDouble()));
          assertThat(credits.keySet()).as(name).isEqualTo(wanted.keySet());
          // The answers are rounded to six digits.
          wanted.forEach(
              (channel, credit) ->
                  assertThat(credits.get(channel))
                      .as(name + ' ' + channel)
                      .isBetween(credit - 0.000001, credit + 0.000001));
        });
  }

  /** Session by session: whether it converted, and how far it got in the funnel. */
  private static void assertSessions(Map<String, Expected> expected, Answers answers) {
    Set<String> converted = new HashSet<>();
    answers.conversions.forEach(conversion -> converted.add(conversion.sessionId));
    Map<String, Integer> furthest = new HashMap<>();
    answers.steps.stream()
        .filter(step -> step.funnel.equals("by-session"))
        .forEach(step -> furthest.merge(step.sessionId, step.step, Math::max));
    String tenant = answers.conversions.get(0).tenant;

    List<String> different = new ArrayList<>();
    expected.forEach(
        (key, session) -> {
          String[] parts = key.split(" ");
          String id = SessionRules.sessionId(tenant, parts[0], Long.parseLong(parts[1]));
          if (converted.contains(id) != session.converted
              || furthest.getOrDefault(id, 0) != session.funnelStep) {
            different.add(key + " instead of " + session);
          }
        });
    assertThat(different).isEmpty();
  }

  private static Answers answers(
      String set,
      JsonNode expected,
      Map<String, List<Event>> visitors,
      Map<String, Expected> sessions,
      boolean expectedChannels) {
    Definitions definitions = Definitions.parse(set + ".yaml", yaml(expected));
    List<Conversion> conversions = new ArrayList<>();
    List<Credit> credits = new ArrayList<>();
    List<FunnelStep> steps = new ArrayList<>();
    Map<String, String> differences = new TreeMap<>();
    for (List<Event> events : visitors.values()) {
      List<Touch> touches = new ArrayList<>();
      for (Session session : SESSIONS.sessionize(events)) {
        Touch touch = TestTouches.of(session);
        String key = session.visitorId + ' ' + session.startedAt;
        String channel = sessions.get(key).channel;
        if (!touch.channel.equals(channel)) {
          differences.put(key, channel + " → " + touch.channel);
        }
        touch.channel = expectedChannels ? channel : touch.channel;
        touches.add(touch);
      }
      List<MatchedEvent> matched = TestTouches.match(definitions, events);
      List<Conversion> ofVisitor = ConversionRules.conversions(matched, touches);
      conversions.addAll(ofVisitor);
      ofVisitor.forEach(
          conversion -> credits.addAll(AttributionRules.DEFAULT.credits(conversion, touches)));
      steps.addAll(FunnelRules.steps(matched, touches));
    }
    return new Answers(conversions, credits, steps, differences);
  }

  private static Map<String, List<Event>> visitors(String set, Set<String> bots)
      throws IOException {
    EnrichmentRules rules = new EnrichmentRules(OWN_HOSTS);
    Predicate<String> crawlers = crawlers();
    Map<String, List<Event>> visitors = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode row : SharedData.rows(set + "/events.ndjson.gz")) {
      if (seen.add(row.get("eventId").asText())) {
        Event event = new Event();
        event.tenant = set;
        event.eventId = row.get("eventId").asText();
        event.eventType = row.get("eventType").asText();
        event.visitorId = row.get("visitorId").asText();
        event.occurredAt = row.get("timestamp").asLong();
        event.pageUrl = row.get("pageUrl").asText();
        event.referrer = row.get("referrer").asText();
        event.userAgent = row.get("userAgent").asText();
        event.properties = row.get("properties").toString();
        rules.enrich(event);
        visitors.computeIfAbsent(event.visitorId, visitor -> new ArrayList<>()).add(event);
        if (crawlers.test(event.userAgent)) {
          bots.add(event.visitorId);
        }
      }
    }
    return visitors;
  }

  /** The goal and the steps of the summary, as a tenant would write them. */
  private static String yaml(JsonNode expected) {
    StringBuilder yaml = new StringBuilder("goals:\n  goal:\n    when: ");
    yaml.append(predicate(expected.get("goal"))).append("\nfunnels:\n");
    for (String per : List.of("session", "visitor")) {
      yaml.append("  by-").append(per).append(":\n    per: ").append(per).append("\n    steps:\n");
      int number = 0;
      for (JsonNode step : expected.get("funnel_steps")) {
        yaml.append("      - {name: step ").append(++number).append(", when: ");
        yaml.append(predicate(step)).append("}\n");
      }
    }
    return yaml.toString();
  }

  private static String predicate(JsonNode pair) {
    if (pair.get(0).asText().equals("page")) {
      return "{page-regex: '" + pair.get(1).asText() + "'}";
    }
    String action =
        pair.get(1).isNull() ? "" : ", properties: {action: " + pair.get(1).asText() + "}";
    return "{event: " + pair.get(0).asText() + action + "}";
  }

  private static List<Integer> reached(List<FunnelStep> steps, String funnel, int count) {
    List<Integer> reached = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      int step = number;
      reached.add(
          (int) steps.stream().filter(s -> s.funnel.equals(funnel) && s.step == step).count());
    }
    return reached;
  }

  private static List<Integer> numbers(JsonNode list) {
    List<Integer> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }

  private static Map<String, Expected> expectedSessions(String set) throws IOException {
    List<String> lines = SharedData.lines(set + "/expected/sessions.csv.gz");
    List<String> header = SharedData.fields(lines.get(0));
    Map<String, Expected> sessions = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = SharedData.fields(line);
      sessions.put(
          row.get(header.indexOf("visitorId")) + ' ' + row.get(header.indexOf("start")),
          new Expected(
              row.get(header.indexOf("channel")),
              row.get(header.indexOf("converted")).equals("1"),
              Integer.parseInt(row.get(header.indexOf("funnel_step")))));
    }
    return sessions;
  }

  /** Whether the user agent is none of a person's, as the expected answers understand it. */
  private static Predicate<String> crawlers() throws IOException {
    List<Pattern> patterns = new ArrayList<>();
    new ObjectMapper()
        .readTree(SharedData.file("bots/crawler-patterns.json").toFile())
        .forEach(entry -> patterns.add(Pattern.compile(entry.get("pattern").asText())));
    Predicate<String> known =
        agent -> patterns.stream().anyMatch(pattern -> pattern.matcher(agent).find());
    Map<String, Boolean> verdicts = new HashMap<>();
    return agent -> agent.isEmpty() || verdicts.computeIfAbsent(agent, known::test);
  }

  private static JsonNode summary(String set) throws IOException {
    return new ObjectMapper().readTree(SharedData.file(set + "/expected/summary.json").toFile());
  }
}
