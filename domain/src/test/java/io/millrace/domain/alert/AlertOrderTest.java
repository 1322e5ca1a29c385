package io.millrace.domain.alert;

import static io.millrace.domain.alert.TestFacts.WINDOW;
import static io.millrace.domain.alert.TestFacts.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Neither order, repetition, the steps of time nor a restart changes what is sent. */
class AlertOrderTest {
  private static final AlertRules RULES =
      AlertRules.parse(
          "acme.yaml",
          """
          zone: Europe/Berlin
          quiet-hours: [{from: "10:00", to: "11:30"}]
          calendar: [{name: Sale, from: 2026-03-02T14:00, to: 2026-03-02T15:00}]
          channels:
            ops: {kind: email, to: [ops@example.org]}
            boss: {kind: email, to: [boss@example.org]}
          rules:
            errors:
              threshold: {metric: errors, grouping: country, above: 50}
              to: [ops]
              cool-down: 1 h
              escalate: [{after: 20 min, to: [boss]}]
            traffic:
              anomaly: {severity: warning}
              to: [ops]
              together: segment
              cool-down: 30 min
          """);
  private static final int WINDOWS = 48;
  private static final List<String> COUNTRIES = List.of("DE", "AT", "CH");

  @Property(tries = 300)
  void theSameAlertsGoOutWhateverTheOrder(@ForAll long seed) {
    Random random = new Random(seed);
    List<Fact> facts = facts(random);

    Set<String> inOrder = sent(facts, List.of(), random, 1);
    Set<String> otherwise = sent(shuffled(facts, random), repeated(facts, random), random, 7);

    assertThat(otherwise).isEqualTo(inOrder);
    assertThat(inOrder).isNotEmpty();
  }

  /** Two metrics in three countries through twelve hours, bad for some windows at a time. */
  private static List<Fact> facts(Random random) {
    List<Fact> facts = new ArrayList<>();
    for (String country : COUNTRIES) {
      boolean bad = false;
      for (int i = 1; i <= WINDOWS; i++) {
        bad = random.nextInt(4) == 0 ? !bad : bad;
        long end = at("06:00") + i * WINDOW;
        facts.add(TestFacts.measure("errors", "country", country, end, bad ? 99 : 1, 0));
        AnomalyState state = bad ? AnomalyState.ANOMALOUS : AnomalyState.NORMAL;
        facts.add(TestFacts.verdict("page_views", country, end - WINDOW, end, state));
        if (random.nextInt(8) == 0) {
          facts.add(
              TestFacts.verdict("page_views", country, end - WINDOW, end, AnomalyState.WITHDRAWN));
        }
      }
    }
    facts.sort(Comparator.comparingLong(Fact::knownAtMillis).thenComparing(Fact::key));
    return facts;
  }

  /** Any order in which each comes before the time passes that is its own. */
  private static List<Fact> shuffled(List<Fact> facts, Random random) {
    List<Fact> shuffled = new ArrayList<>(facts);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static List<Fact> repeated(List<Fact> facts, Random random) {
    return facts.stream().filter(fact -> random.nextInt(5) == 0).toList();
  }

  /**
   * What is sent, with its time.
   *
   * @param early offered in this order, each some time before it is due
   * @param late offered again at the end
   * @param maxSteps most windows that time passes at once
   */
  private static Set<String> sent(List<Fact> early, List<Fact> late, Random random, int maxSteps) {
    AlertMachine machine = new AlertMachine("acme", RULES, at("06:00"));
    Set<String> sent = new TreeSet<>();
    List<Fact> left = new ArrayList<>(early);
    long clock = at("06:00");
    long end = at("06:00") + (WINDOWS + 8) * WINDOW;
    while (clock < end) {
      clock += (1 + random.nextInt(maxSteps)) * WINDOW;
      for (Fact fact : List.copyOf(left)) {
        if (fact.knownAtMillis() <= clock || random.nextInt(9) == 0) {
          machine.offer(fact);
          left.remove(fact);
          if (random.nextInt(6) == 0) {
            machine.offer(fact);
          }
        }
      }
      for (Alert alert : machine.advance(clock)) {
        assertThat(sent.add(alert.messageId() + " at " + alert.atMillis() + alert.channels()))
            .as("sent once")
            .isTrue();
      }
      if (maxSteps > 1 && random.nextInt(4) == 0) {
        machine = AlertMachine.restore("acme", RULES, machine.state());
      }
    }
    late.forEach(machine::offer);
    machine.advance(end).forEach(alert -> sent.add(alert.messageId() + " again"));
    return sent;
  }
}
