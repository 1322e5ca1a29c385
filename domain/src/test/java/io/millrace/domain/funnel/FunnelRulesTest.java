package io.millrace.domain.funnel;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import io.millrace.domain.goal.TestTouches;
import io.millrace.domain.goal.Touch;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunnelRulesTest {
  private static final SessionRules SESSIONS = SessionRules.withGap(Duration.ofMinutes(30));

  /** Events as type@minute; steps reached as number@minute. */
  @ParameterizedTest(name = "{0}: {1} reach {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a b c, within 60 min | a@0 b@1 c@2                | 1@0 2@1 3@2",
        "a b c, within 60 min | a@0 x@1 b@2 a@3 c@4        | 1@0 2@2 3@4",
        "a b c, within 60 min | b@0 c@1 a@2                | 1@2",
        "a b c, within 60 min | a@0 c@1                    | 1@0",
        "a b c, within 60 min | c@5 b@4 a@3                | 1@3 2@4 3@5",
        "a b, within 10 min   | a@0 b@10                   | 1@0 2@10",
        "a b, within 10 min   | a@0 b@11                   | 1@0",
        "a b, within 10 min   | a@0 a@5 b@11               | 1@0 2@11",
        "a b c, within 10 min | a@0 b@9 a@10 c@11 b@12 c@13 | 1@0 2@9 3@13",
        "a a, within 10 min   | a@0                        | 1@0",
        "a a, within 10 min   | a@0 a@1                    | 1@0 2@1",
        "a, within 10 min     | a@0 a@1                    | 1@0",
      })
  void reachesAStepAtTheFirstEventThatEndsAChain(String funnel, String events, String expected) {
    Definitions definitions = definitions(funnel.trim(), "session");
    List<Event> given = events(events);

    List<FunnelStep> steps = steps(definitions, given);

    assertThat(steps.stream().map(FunnelRulesTest::line).toList())
        .isEqualTo(List.of(expected.trim().split(" ")));
  }

  @Test
  void countsStepsOfOneSessionOrOfAllOfThemAsTheFunnelSays() {
    List<Event> events = events("a@0 a@100 b@101 c@200");

    List<FunnelStep> bySession = steps(definitions("a b c, within 300 min", "session"), events);
    List<FunnelStep> byVisitor = steps(definitions("a b c, within 300 min", "visitor"), events);

    assertThat(bySession)
        .extracting(FunnelRulesTest::line)
        .containsExactly("1@0", "1@100", "2@101");
    assertThat(byVisitor)
        .extracting(FunnelRulesTest::line)
        .containsExactly("1@0", "2@101", "3@200");
    assertThat(byVisitor.get(2).sessionId).isEqualTo(SessionRules.sessionId("acme", "ann", t(200)));
  }

  @Test
  void letsOneEventBeOneStepOfAChainThoughItMatchesTwo() {
    Definitions definitions =
        Definitions.parse(
            "x.yaml",
            """
            funnels:
              f:
                per: session
                steps:
                  - {name: any, when: {event: [a, b]}}
                  - {name: b, when: {event: b}}
            """);

    assertThat(steps(definitions, events("b@0"))).extracting(step -> step.step).containsExactly(1);
    assertThat(steps(definitions, events("b@0 b@1")))
        .extracting(step -> step.step)
        .containsExactly(1, 2);
  }

  @Test
  void neverMixesTheStepsOfTwoVersions() {
    Definitions before = definitions("a b, within 10 min", "visitor");
    Definitions after = definitions("a b, within 20 min", "visitor");
    List<Event> events = events("a@0 b@1");
    List<MatchedEvent> matched = List.of(before.match(events.get(0)), after.match(events.get(1)));

    List<FunnelStep> steps = FunnelRules.steps(matched, touches(events));

    assertThat(steps).extracting(step -> step.step).containsExactly(1);
  }

  @Test
  void breaksTiesBySequenceAndThenById() {
    Definitions definitions = definitions("a b, within 10 min", "session");
    Event first = event("a", "ann", t(0));
    first.eventId = "z";
    first.sequence = 1L;
    Event second = event("b", "ann", t(0));
    second.eventId = "y";
    second.sequence = 2L;
    Event unordered = event("b", "ann", t(0));
    unordered.eventId = "x";

    assertThat(steps(definitions, List.of(second, first))).hasSize(2);
    assertThat(steps(definitions, List.of(unordered, first))).hasSize(1);
  }

  @Test
  void takesAFunnelOfAHundredSteps() {
    String letters = "abcdefghij";
    StringBuilder steps = new StringBuilder();
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String type = "" + letters.charAt(i / 10) + letters.charAt(i % 10);
      steps.append(i == 0 ? "" : " ").append(type);
      events.append(i == 0 ? "" : " ").append(type).append('@').append(i / 5);
    }

    List<FunnelStep> reached =
        steps(definitions(steps + ", within 60 min", "session"), events(events.toString()));

    assertThat(reached).hasSize(100);
  }

  @Property
  void reachesWhatTryingAllChainsReachesInAnyOrderOfArrival(
      @ForAll @Size(max = 14) List<@IntRange(min = 0, max = 2) Integer> types,
      @ForAll @IntRange(min = 1, max = 25) int withinMin,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Event event = event("abc".substring(types.get(i), types.get(i) + 1), "ann", 0);
      event.occurredAt = t(random.nextInt(12) * 5);
      event.eventId = "e" + random.nextInt(100) + '-' + i;
      events.add(event);
    }
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    Definitions definitions = definitions("a b c, within " + withinMin + " min", "visitor");

    List<FunnelStep> steps = steps(definitions, shuffled);

    assertThat(steps)
        .extracting(step -> step.step + "@" + step.eventId)
        .containsExactlyInAnyOrderElementsOf(bruteForce(events, withinMin * 60_000L));
  }

  /** The first event at which some chain a, b, c of each length ends. */
  private static List<String> bruteForce(List<Event> events, long withinMs) {
    List<Event> ordered = new ArrayList<>(events);
    ordered.sort(io.millrace.domain.session.SessionContent.ORDER);
    TreeSet<Integer> ones = new TreeSet<>();
    TreeSet<Integer> twos = new TreeSet<>();
    TreeSet<Integer> threes = new TreeSet<>();
    for (int i = 0; i < ordered.size(); i++) {
      if (!ordered.get(i).eventType.equals("a")) {
        continue;
      }
      ones.add(i);
      for (int j = i + 1; j < ordered.size(); j++) {
        if (!ordered.get(j).eventType.equals("b") || !within(ordered, i, j, withinMs)) {
          continue;
        }
        twos.add(j);
        for (int k = j + 1; k < ordered.size(); k++) {
          if (ordered.get(k).eventType.equals("c") && within(ordered, i, k, withinMs)) {
            threes.add(k);
          }
        }
      }
    }
    List<String> reached = new ArrayList<>();
    List<TreeSet<Integer>> ends = List.of(ones, twos, threes);
    for (int step = 0; step < 3; step++) {
      if (!ends.get(step).isEmpty()) {
        reached.add((step + 1) + "@" + ordered.get(ends.get(step).first()).eventId);
      }
    }
    return reached;
  }

  private static boolean within(List<Event> ordered, int from, int to, long withinMs) {
    return ordered.get(to).occurredAt - ordered.get(from).occurredAt <= withinMs;
  }

  /** A funnel of event types, as {@code a b c, within 10 min}. */
  private static Definitions definitions(String funnel, String per) {
    String[] parts = funnel.split(", within ");
    StringBuilder yaml =
        new StringBuilder("funnels:\n  f:\n    per: " + per + "\n    within: " + parts[1]);
    yaml.append("\n    steps:\n");
    int number = 0;
    for (String type : parts[0].split(" ")) {
      yaml.append("      - {name: step ").append(++number).append(", when: {event: ");
      yaml.append(type).append("}}\n");
    }
    return Definitions.parse("test.yaml", yaml.toString());
  }

  private static List<Event> events(String timeline) {
    List<Event> events = new ArrayList<>();
    for (String one : timeline.trim().split(" ")) {
      String[] parts = one.split("@");
      events.add(event(parts[0], "ann", t(Long.parseLong(parts[1]))));
    }
    return events;
  }

  private static List<Touch> touches(List<Event> events) {
    return TestTouches.of(SESSIONS.sessionize(events));
  }

  private static List<FunnelStep> steps(Definitions definitions, List<Event> events) {
    return FunnelRules.steps(TestTouches.match(definitions, events), touches(events));
  }

  private static String line(FunnelStep step) {
    return step.step + "@" + Duration.ofMillis(step.occurredAt - t(0)).toMinutes();
  }
}
