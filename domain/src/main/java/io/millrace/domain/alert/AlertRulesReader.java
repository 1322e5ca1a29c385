package io.millrace.domain.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.EventText;
import io.millrace.domain.yaml.DurationText;
import io.millrace.domain.yaml.InvalidYamlException;
import io.millrace.domain.yaml.YamlDocument;
import io.millrace.domain.yaml.YamlSchema;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes alert rules of one file's text, or says everything that is wrong with it. */
final class AlertRulesReader {
  static final YamlSchema SCHEMA = YamlSchema.load(AlertRulesReader.class, "alerts.schema.json");

  private static final Duration COOL_DOWN = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(7);

  private final YamlDocument document;
  private final List<String> problems = new ArrayList<>();
  private final ConditionReader conditions;

  AlertRulesReader(String file, String yaml) {
    try {
      this.document = YamlDocument.read(file, yaml);
    } catch (InvalidYamlException e) {
      throw new InvalidAlertRulesException(e.problems());
    }
    this.conditions = new ConditionReader(this::refuse);
  }

  AlertRules read() {
    problems.addAll(SCHEMA.problems(document));
    requireNoProblems();

    JsonNode root = document.root();
    ZoneId zone = zone(root.path("zone"));
    QuietHours quietHours = quietHours(zone, root.path("quiet-hours"));
    List<ExpectedEvent> calendar = calendar(zone, root.path("calendar"));
    Map<String, ChannelSpec> channels = new LinkedHashMap<>();
    ChannelReader reader = new ChannelReader(this::refuse);
    for (var entry : root.path("channels").properties()) {
      String place = YamlDocument.child("/channels", entry.getKey());
      ChannelSpec channel = reader.read(place, entry.getKey(), entry.getValue());
      channels.put(entry.getKey(), channel);
    }
    List<AlertRule> rules = new ArrayList<>();
    for (var rule : root.path("rules").properties()) {
      String place = YamlDocument.child("/rules", rule.getKey());
      rules.add(rule(place, rule.getKey(), rule.getValue(), channels.keySet()));
    }
    requireNoProblems();
    return new AlertRules(zone, quietHours, calendar, channels, rules);
  }

  private ZoneId zone(JsonNode zone) {
    if (zone.isMissingNode()) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(zone.asText());
    } catch (DateTimeException e) {
      refuse("/zone", zone.asText(), "a time zone such as Europe/Berlin is allowed");
      return ZoneOffset.UTC;
    }
  }

  private QuietHours quietHours(ZoneId zone, JsonNode given) {
    List<QuietHours.Span> spans = new ArrayList<>();
    for (JsonNode span : given) {
      Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
      span.path("days").forEach(day -> days.add(day(day.asText())));
      spans.add(
          new QuietHours.Span(
              LocalTime.parse(span.get("from").asText()),
              LocalTime.parse(span.get("to").asText()),
              days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days));
    }
    QuietHours quietHours = new QuietHours(zone, spans);
    if (quietHours.isAlways()) {
      problems.add(
          document.place("/quiet-hours")
              + " leave no time of the week in which a message may go out; leave some");
    }
    return quietHours;
  }

  private static DayOfWeek day(String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().toLowerCase(Locale.ROOT).startsWith(name)) {
        return day;
      }
    }
    throw new IllegalStateException("The schema lets through the day " + name);
  }

  private List<ExpectedEvent> calendar(ZoneId zone, JsonNode given) {
    List<ExpectedEvent> calendar = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      JsonNode event = given.get(i);
      String place = "/calendar/" + i;
      LocalDateTime from = time(place + "/from", event.get("from").asText(), 0);
      LocalDateTime to = time(place + "/to", event.get("to").asText(), 1);
      if (from == null || to == null) {
        continue;
      }
      if (!to.isAfter(from)) {
        refuse(place + "/to", event.get("to").asText(), "a time after its from is allowed");
      }
      calendar.add(
          new ExpectedEvent(
              event.get("name").asText(),
              from.atZone(zone).toInstant().toEpochMilli(),
              to.atZone(zone).toInstant().toEpochMilli(),
              event.path("learn").asBoolean(false),
              texts(event.path("metrics"))));
    }
    return calendar;
  }

  /** A time, or a day plus so many; null, and a problem, where the calendar has no such. */
  private LocalDateTime time(String place, String text, int plusDays) {
    try {
      return text.contains("T")
          ? LocalDateTime.parse(text)
          : LocalDate.parse(text).plusDays(plusDays).atStartOfDay();
    } catch (DateTimeException e) {
      refuse(
          place,
          text,
          "a day or time there is, such as 2026-12-24 or 2026-12-24T18:00, is allowed");
      return null;
    }
  }

  private AlertRule rule(String place, String name, JsonNode rule, Set<String> channels) {
    String severity = rule.path("severity").asText("");
    Condition condition = conditions.read(place, rule);
    boolean hasOwnSeverity = condition instanceof Condition.Anomaly;
    Severity usual = hasOwnSeverity ? null : Severity.WARNING;
    return new AlertRule(
        name,
        condition,
        severity.isEmpty() ? usual : Severity.named(severity),
        channels(place + "/to", rule.get("to"), channels),
        escalation(place + "/escalate", rule.path("escalate"), channels),
        duration(place + "/cool-down", rule.path("cool-down"), COOL_DOWN),
        Together.valueOf(rule.path("together").asText("rule").toUpperCase(Locale.ROOT)),
        rule.path("recovery").asBoolean(true),
        rule.path("quiet-hours").asText("keep").equals("ignore"));
  }

  private List<AlertRule.Step> escalation(String place, JsonNode given, Set<String> channels) {
    List<AlertRule.Step> steps = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      JsonNode step = given.get(i);
      String at = place + '/' + i;
      Duration after = duration(at + "/after", step.get("after"), null);
      if (i > 0 && after.compareTo(steps.get(i - 1).after()) <= 0) {
        refuse(
            at + "/after",
            step.get("after").asText(),
            "more than in the step before is allowed, as it counts from the first message");
      }
      steps.add(new AlertRule.Step(after, channels(at + "/to", step.get("to"), channels)));
    }
    return steps;
  }

  private List<String> channels(String place, JsonNode given, Set<String> known) {
    Set<String> channels = texts(given);
    int i = 0;
    for (JsonNode channel : given) {
      if (!known.contains(channel.asText())) {
        refuse(
            place + '/' + i,
            channel.asText(),
            known.isEmpty()
                ? "no channels are given; give some under channels"
                : "the channels " + String.join(", ", known) + " are allowed");
      }
      i++;
    }
    return List.copyOf(channels);
  }

  private Duration duration(String place, JsonNode given, Duration otherwise) {
    if (given.isMissingNode()) {
      return otherwise;
    }
    Duration duration = DurationText.parse(given.asText());
    if (duration.compareTo(LONGEST) > 0) {
      refuse(place, given.asText(), "at most " + LONGEST.toDays() + " d are allowed");
    }
    return duration;
  }

  static Set<String> texts(JsonNode list) {
    Set<String> texts = new LinkedHashSet<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private void refuse(String place, String value, String allowed) {
    problems.add(document.place(place) + " is \"" + EventText.shown(value) + "\"; " + allowed);
  }

  /** Is told what is wrong with a value. */
  @FunctionalInterface
  interface Refusals {
    void refuse(String place, String value, String allowed);
  }

  private void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidAlertRulesException(problems);
    }
  }
}
