package io.millrace.domain.alert;

import static io.millrace.domain.alert.AnomalyState.ANOMALOUS;
import static io.millrace.domain.alert.AnomalyState.LEARNING;
import static io.millrace.domain.alert.AnomalyState.NORMAL;
import static io.millrace.domain.alert.AnomalyState.WITHDRAWN;
import static io.millrace.domain.alert.TestFacts.at;
import static io.millrace.domain.alert.TestFacts.measure;
import static io.millrace.domain.alert.TestFacts.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMachineTest {
  private static final String CHANNELS =
      """
      channels:
        ops: {kind: email, to: [ops@example.org]}
        boss: {kind: email, to: [boss@example.org]}
      """;
  private static final String ERRORS =
      CHANNELS
          + """
          rules:
            errors:
              threshold: {metric: errors, above: 100}
              to: [ops]
          """;
  private static final String ANOMALIES =
      CHANNELS
          + """
          rules:
            traffic:
              anomaly: {severity: warning}
              to: [ops]
          """;

  private final List<Alert> sent = new ArrayList<>();

  @Test
  void alertsOnceWhileItLastsAndSaysWhenItIsOver() {
    AlertMachine machine = machine(ERRORS);

    run(machine, measure("errors", "10:00", 101), measure("errors", "10:15", 250));
    run(machine, measure("errors", "10:30", 3));

    assertThat(kinds()).containsExactly("firing 10:00", "recovered 10:30");
    assertThat(sent).extracting(Alert::id).containsOnly(sent.get(0).id());
    assertThat(sent.get(0).id()).isEqualTo("8dc0022250ea37a2ca311650ab5c069c");
    assertThat(sent.get(0).messageId()).isEqualTo(sent.get(0).id() + "-firing");
    assertThat(sent.get(0).title()).isEqualTo("[warning] errors: errors");
    assertThat(sent.get(0).text())
        .isEqualTo(
            """
            Something is not as it should be:
            - errors is 101, above 100\
            """);
    assertThat(sent.get(1).windowStartMillis()).isEqualTo(at("09:45"));
    assertThat(sent.get(1).windowEndMillis()).isEqualTo(at("10:15"));
  }

  @Test
  void putsSeriesOfOneRuleIntoOneAlertThatEndsWithTheLast() {
    AlertMachine machine = machine(ANOMALIES);

    run(
        machine,
        verdict("page_views", "DE", "10:00", ANOMALOUS),
        verdict("sessions", "AT", "10:00", ANOMALOUS));
    run(
        machine,
        verdict("page_views", "DE", "10:15", NORMAL),
        verdict("page_views", "CH", "10:15", ANOMALOUS),
        verdict("sessions", "AT", "10:15", NORMAL));
    run(machine, verdict("page_views", "CH", "10:30", NORMAL));

    assertThat(kinds()).containsExactly("firing 10:00", "recovered 10:30");
    assertThat(sent.get(0).title())
        .isEqualTo("[warning] traffic: page_views of country DE and 1 more");
    assertThat(sent.get(0).text())
        .isEqualTo(
            """
            Something is not as it should be:
            - page_views of country DE is 12, expected 80 to 120: far fewer than usual
            - sessions of country AT is 12, expected 80 to 120: far fewer than usual\
            """);
    assertThat(sent.get(1).series()).hasSize(3);
  }

  @ParameterizedTest(name = "{0}: {1} alerts")
  @CsvSource({"rule, 1", "metric, 2", "segment, 2", "series, 3"})
  void groupsByWhatTheRuleSays(String together, int alerts) {
    AlertMachine machine = machine(ANOMALIES + "    together: " + together + "\n");

    run(
        machine,
        verdict("page_views", "DE", "10:00", ANOMALOUS),
        verdict("page_views", "AT", "10:00", ANOMALOUS),
        verdict("sessions", "DE", "10:00", ANOMALOUS));

    assertThat(sent).hasSize(alerts);
    assertThat(sent).extracting(Alert::id).doesNotHaveDuplicates();
  }

  @Test
  void countsALongerWindowOverTheSameTimeToTheAlertThatIsOver() {
    AlertMachine machine = machine(ANOMALIES + "    cool-down: 1 s\n");

    run(machine, verdict("page_views", "DE", "10:30", ANOMALOUS));
    run(machine, verdict("page_views", "DE", "10:45", NORMAL));
    run(machine, verdict("page_views", "DE", at("10:00"), at("11:00"), ANOMALOUS));

    assertThat(kinds()).containsExactly("firing 10:30", "recovered 10:45");
  }

  @Test
  void withdrawsWhatLateDataFills() {
    AlertMachine machine = machine(ANOMALIES);

    run(machine, verdict("page_views", "DE", "10:00", ANOMALOUS));
    run(machine, verdict("page_views", "DE", "10:15", NORMAL));
    run(machine, verdict("page_views", "DE", "10:00", WITHDRAWN));
    run(machine, verdict("page_views", "DE", "10:00", WITHDRAWN));

    assertThat(kinds()).containsExactly("firing 10:00", "recovered 10:15", "withdrawn 10:15");
    assertThat(sent.get(2).text())
        .startsWith(
            "Late data has come, and with it nothing was wrong:\n- page_views of country DE");
  }

  @Test
  void withdrawsAMeasureThatIsRestated() {
    AlertMachine machine = machine(ERRORS);

    run(machine, measure("errors", "10:00", 101));
    run(machine, measure("errors", "10:00", 99));

    assertThat(kinds()).containsExactly("firing 10:00", "withdrawn 10:00");
  }

  @Test
  void raisesNothingForAWindowThatItsSeriesHasLeftBehind() {
    AlertMachine machine = machine(ERRORS);

    run(machine, measure("errors", "10:15", 5));
    run(machine, measure("errors", "10:00", 500));

    assertThat(sent).isEmpty();
  }

  @Test
  void raisesNothingForTheHistoryThatAnImportBrings() {
    AlertMachine machine = machine(ERRORS);
    machine.advance(at("05T10:00"));

    run(machine, measure("errors", "02T10:00", 500));

    assertThat(sent).isEmpty();
  }

  @Test
  void saysNothingWhileLearning() {
    AlertMachine machine = machine(ANOMALIES);

    run(machine, verdict("page_views", "DE", "10:00", LEARNING));

    assertThat(sent).isEmpty();
  }

  @Test
  void coolsDownAndThenAlertsOnlyOfWhatStillLasts() {
    AlertMachine machine = machine(ERRORS + "    cool-down: 2 h\n");

    run(machine, measure("errors", "10:00", 500), measure("errors", "10:15", 1));
    run(machine, measure("errors", "10:30", 500), measure("errors", "10:45", 1));
    run(machine, measure("errors", "11:45", 500));
    sent.addAll(machine.advance(at("12:30")));

    assertThat(kinds()).containsExactly("firing 10:00", "recovered 10:15", "firing 12:00");
    assertThat(sent.get(2).windowStartMillis()).isEqualTo(at("11:30"));
  }

  @Test
  void waitsInQuietHoursAndAlertsThenOfWhatStillLasts() {
    AlertMachine machine = machine("quiet-hours: [{from: \"22:00\", to: \"07:00\"}]\n" + ERRORS);

    run(machine, measure("errors", "23:00", 500), measure("errors", "23:15", 1));
    run(machine, measure("errors", "03T05:00", 500));
    sent.addAll(machine.advance(at("03T08:00")));

    assertThat(kinds()).containsExactly("firing 03T07:00");
    assertThat(sent.get(0).windowStartMillis()).isEqualTo(at("03T04:45"));
  }

  @Test
  void keepsARecoveryOfTheNightUntilTheMorningAndLeavesItOutWhenWithdrawn() {
    String quiet = "quiet-hours: [{from: \"22:00\", to: \"07:00\"}]\n";
    AlertMachine machine = machine(quiet + ERRORS);

    run(machine, measure("errors", "21:45", 500));
    run(machine, measure("errors", "22:15", 1));
    String state = machine.state();
    sent.addAll(machine.advance(at("03T07:00")));
    List<String> recovered = kinds();
    AlertMachine other =
        AlertMachine.restore("acme", AlertRules.parse("a.yaml", quiet + ERRORS), state);
    sent.clear();
    run(other, measure("errors", "21:45", 9));
    sent.addAll(other.advance(at("03T07:00")));

    assertThat(recovered).containsExactly("firing 21:45", "recovered 03T07:00");
    assertThat(kinds()).containsExactly("withdrawn 03T07:00");
  }

  @Test
  void goesOutInQuietHoursWhereTheRuleIgnoresThem() {
    AlertMachine machine =
        machine(
            "quiet-hours: [{from: \"22:00\", to: \"07:00\"}]\n"
                + ERRORS
                + "    quiet-hours: ignore\n");

    run(machine, measure("errors", "23:00", 500));

    assertThat(kinds()).containsExactly("firing 23:00");
  }

  @Test
  void alertsOfNothingInAnExpectedEventButOfWhatLastsBeyondIt() {
    AlertMachine machine =
        machine("calendar: [{name: Sale, from: 2026-03-02, to: 2026-03-02}]\n" + ERRORS);

    run(machine, measure("errors", "10:00", 500));
    run(machine, measure("errors", "03T00:00", 500));
    run(machine, measure("errors", "03T00:15", 500));

    assertThat(kinds()).containsExactly("firing 03T00:15");
    assertThat(sent.get(0).windowStartMillis()).isEqualTo(at("03T00:00"));
  }

  @Test
  void escalatesUntilSomebodyAcknowledgesAndTellsAllWhoWereToldThatItIsOver() {
    String rules =
        ERRORS
            + "    escalate: [{after: 30 min, to: [boss]}, {after: 60 min, to: [boss]},"
            + " {after: 90 min, to: [boss]}]\n";
    AlertMachine machine = machine(rules);

    run(machine, measure("errors", "10:00", 500));
    sent.addAll(machine.advance(at("11:10")));
    machine.offer(new Acknowledgement("acme", sent.get(0).id(), at("11:10")));
    run(machine, measure("errors", "12:00", 1));

    assertThat(kinds())
        .containsExactly("firing 10:00", "escalated 10:30", "escalated 11:00", "recovered 12:00");
    assertThat(sent).extracting(Alert::step).containsExactly(0, 1, 2, 0);
    assertThat(sent.get(2).messageId()).isEqualTo(sent.get(0).id() + "-escalated-2");
    assertThat(sent.get(2).title()).isEqualTo("[warning, not acknowledged] errors: errors");
    assertThat(sent.get(0).channels()).containsExactly("ops");
    assertThat(sent.get(1).channels()).containsExactly("boss");
    assertThat(sent.get(3).channels()).containsExactly("ops", "boss");
  }

  @Test
  void saysNothingOfTheEndWhereTheRuleDoesNotWantIt() {
    AlertMachine machine = machine(ERRORS + "    recovery: false\n");

    run(machine, measure("errors", "10:00", 500), measure("errors", "10:15", 1));

    assertThat(kinds()).containsExactly("firing 10:00");
  }

  @Test
  void endsAnAlertOfASeriesThatIsNotHeardOfForADay() {
    AlertMachine machine = machine(ERRORS);

    run(machine, measure("errors", "10:00", 500));
    sent.addAll(machine.advance(at("04T00:00")));

    assertThat(kinds()).containsExactly("firing 10:00", "recovered 03T10:00");
  }

  @Test
  void remembersNothingEightDaysAfter() {
    AlertMachine machine = machine(ERRORS);
    String empty = machine(ERRORS).state();
    run(machine, measure("errors", "10:00", 500), measure("errors", "10:15", 1));

    machine.advance(at("15T00:00"));
    AlertMachine fresh = machine(ERRORS);
    fresh.advance(at("15T00:00"));

    assertThat(machine.state().replaceAll("\"(offered|handled)\":2", "\"$1\":0"))
        .isEqualTo(fresh.state())
        .isNotEqualTo(empty);
  }

  @Test
  void accountsForEveryFact() {
    AlertMachine machine = machine(ERRORS);

    run(
        machine,
        measure("errors", "10:00", 1),
        measure("errors", "10:00", 1),
        measure("errors", "10:15", 2));
    machine.offer(measure("errors", "10:30", 1));

    assertThat(machine.counts()).isEqualTo(new AlertMachine.Counts(4, 2, 1, 1, 0));
  }

  @Test
  void remembersABoundedNumberOfSeriesAndCountsTheRest() {
    AlertMachine machine =
        machine(
            CHANNELS
                + "rules: {r: {to: [ops], change: {metric: m, grouping: page, up-by-percent:"
                + " 50}}}");
    long week = Duration.ofDays(7).toMillis();

    for (int i = 0; i <= AlertMachine.MOST_KEPT_SERIES; i++) {
      machine.offer(measure("m", "page", "/" + i, at("10:00"), 100, 0));
      machine.offer(measure("m", "page", "/" + i, at("10:00") + week, 500, 0));
    }
    sent.addAll(machine.advance(at("10:00") + week));

    assertThat(sent.get(0).series()).hasSize(AlertMachine.MOST_KEPT_SERIES);
    assertThat(machine.counts().leftOut()).isEqualTo(2);
  }

  @Test
  void judgesABoundedNumberOfSeriesAndCountsTheRest() {
    AlertMachine machine =
        machine(
            CHANNELS + "rules: {r: {to: [ops], threshold: {metric: m, grouping: page, above: 9}}}");

    for (int i = 0; i <= AlertMachine.MOST_SERIES; i++) {
      machine.offer(measure("m", "page", "/" + i, at("10:00"), 10, 0));
    }
    sent.addAll(machine.advance(at("10:00")));

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).text()).endsWith("\n- and 49990 more");
    assertThat(machine.counts().leftOut()).isEqualTo(1);
  }

  @Test
  void refusesFactsThatSayNothing() {
    assertThatThrownBy(() -> measure("m", "10:00", Double.NaN))
        .hasMessage("The value of m is NaN; leave a window without a value out");
    assertThatThrownBy(
            () ->
                new AnomalyFact(
                    "acme", "s", "m", "all", "all", 0, 1, 5, 5, 5, 5, 1, null, ANOMALOUS, "", 0))
        .hasMessage("The anomaly of s has no severity; give notice, warning or critical");
  }

  @Test
  void refusesFactsOfAnotherTenantAndWindowsThatAreNone() {
    AlertMachine machine = new AlertMachine("shop", AlertRules.NONE, 0);

    assertThatThrownBy(() -> machine.offer(measure("errors", "10:00", 1)))
        .hasMessage("A fact of tenant acme came to the alerts of shop");
    assertThatThrownBy(() -> new MeasureFact("acme", "m", "all", "all", 5, 5, 1, 0, 0))
        .hasMessage("The window of m is from 5 to 5; its end must be after its start");
  }

  @Test
  void forgetsWhatARuleHasFoundThatIsNoMore() {
    AlertMachine machine = machine(ERRORS);
    run(machine, measure("errors", "10:00", 500));

    AlertMachine restored =
        AlertMachine.restore("acme", AlertRules.parse("a.yaml", ANOMALIES), machine.state());

    assertThat(restored.advance(at("04T00:00"))).isEmpty();
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

  private List<String> kinds() {
    return sent.stream()
        .map(
            alert -> {
              String time = Instant.ofEpochMilli(alert.atMillis()).toString();
              String moment = time.substring(8, 16);
              return alert.kind().label()
                  + ' '
                  + (moment.startsWith("02T") ? moment.substring(3) : moment);
            })
        .toList();
  }
}
