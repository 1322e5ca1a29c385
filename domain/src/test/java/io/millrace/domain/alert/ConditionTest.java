package io.millrace.domain.alert;

import static io.millrace.domain.alert.TestFacts.at;
import static io.millrace.domain.alert.TestFacts.measure;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
  private static final String CHANNELS = "channels: {ops: {kind: email, to: [ops@example.org]}}\n";

  private final List<Alert> sent = new ArrayList<>();

  @ParameterizedTest(name = "{0}: {1} alerts {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "threshold: {metric: m, above: 10}                  | 10 @0                | false",
        "threshold: {metric: m, above: 10}                  | 10.5 @0              | true",
        "threshold: {metric: m, below: 10}                  | 9 @0                 | true",
        "threshold: {metric: m, below: 10, window: 1 h}     | 9 @0                 | false",
        "threshold: {metric: m, below: 10, grouping: page}  | 9 @0                 | false",
        "change: {metric: m, down-by-percent: 40}           | 100@0 then 60@0      | true",
        "change: {metric: m, down-by-percent: 40}           | 100@0 then 61@0      | false",
        "change: {metric: m, up-by-percent: 50}             | 100@0 then 151@0     | true",
        "change: {metric: m, up-by-percent: 50}             | 100@0 then 150@0     | false",
        "change: {metric: m, up-by-percent: 50}             | 1@0 then 9@0         | false",
        "change: {metric: m, up-by-percent: 50, least: 5}   | 1@0 then 9@0         | true",
        "change: {metric: m, down-by-percent: 40}           | 0@0 then 0@0         | false",
        "change: {metric: m, up-by-percent: 50}             | 500@0                | false",
        "drop: {funnel: m, by-percent: 50}                  | 0.1@200 then 0.05@99 | false",
        "drop: {funnel: m, by-percent: 50}                  | 0.1@200 then 0.05@100| true",
        "drop: {funnel: m, by-percent: 50}                  | 0.1@99 then 0.05@200 | false",
        "drop: {funnel: m, by-percent: 50}                  | 0.1@200 then 0.06@200| false",
        "drop: {funnel: x, by-percent: 50}                  | 0.1@200 then 0.05@200| false",
        "dead-letters: {above-percent: 5}                   | 0.06@100             | true",
        "dead-letters: {above-percent: 5}                   | 0.05@100             | false",
        "dead-letters: {above-percent: 5}                   | 0.90@99              | false",
        "freshness: {behind: 10 min}                        | 600000@0             | false",
        "freshness: {behind: 10 min}                        | 600001@0             | true",
      })
  void findsWhatItsKindIsFor(String condition, String given, boolean expected) {
    AlertMachine machine = machine(CHANNELS + "rules: {r: {to: [ops], " + condition + "}}");
    String metric =
        condition.startsWith("drop")
            ? MeasureFact.FUNNEL_RATE
            : condition.startsWith("dead")
                ? MeasureFact.DEAD_LETTER_RATIO
                : condition.startsWith("fresh") ? MeasureFact.BEHIND_MILLIS : "m";
    String grouping = condition.startsWith("drop") ? "funnel" : "all";
    String value = condition.startsWith("drop") ? "m" : "all";
    long end = at("10:00");

    for (String one : given.split(" then ")) {
      String[] parts = one.strip().split("\\s*@");
      double actual = Double.parseDouble(parts[0]);
      long sample = Long.parseLong(parts[1]);
      run(machine, measure(metric, grouping, value, end, actual, sample));
      end += Duration.ofDays(7).toMillis();
    }

    assertThat(sent).hasSize(expected ? 1 : 0);
  }

  @Test
  void comparesWithTheSameLocalTimeAlsoAcrossAClockChange() {
    AlertMachine machine =
        machine(
            "zone: Europe/Berlin\n"
                + CHANNELS
                + "rules: {r: {to: [ops], change: {metric: m, down-by-percent: 50}}}");

    // 09:00 in Berlin is 08:00 UTC in winter, and 07:00 UTC from 29 March 2026 on.
    run(machine, measure("m", "23T08:00", 1000), measure("m", "23T07:00", 10));
    run(machine, measure("m", "30T07:00", 400));

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).text()).endsWith("- m is 400, a week before it was 1000");
  }

  private static AlertMachine machine(String yaml) {
    return new AlertMachine("acme", AlertRules.parse("acme.yaml", yaml), at("00:00"));
  }

  /** Offers facts and lets time pass to the last of them. */
  private void run(AlertMachine machine, Fact... facts) {
    long to = 0;
    for (Fact fact : facts) {
      machine.offer(fact);
      to = Math.max(to, fact.knownAtMillis());
    }
    sent.addAll(machine.advance(to));
  }
}
