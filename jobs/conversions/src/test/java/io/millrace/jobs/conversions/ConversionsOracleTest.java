package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.START;
import static io.millrace.domain.event.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.attribution.AttributionRules;
import io.millrace.domain.attribution.Credit;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import io.millrace.domain.funnel.FunnelRules;
import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.goal.ConversionRules;
import io.millrace.domain.goal.TestTouches;
import io.millrace.domain.goal.Touch;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order, the repetitions, the clock, the failures and the size of the cache: what the
 * stream leaves in the three tables is what the rules give for all events at once.
 *
 * <p>A run is a function of its seed. {@code -Dmillrace.tries=100000} tries more of them.
 */
class ConversionsOracleTest {
  private static final int TRIES = Integer.getInteger("millrace.tries", 100);
  private static final Definitions DEFINITIONS =
      Definitions.parse(
          "acme.yaml",
          """
          goals:
            buy: {when: {event: purchase}, value: revenue}
            page-one: {when: {page: /1}, value: 7}
          funnels:
            visit:
              per: session
              within: 40 min
              steps:
                - {name: page, when: {event: page_view}}
                - {name: click, when: {event: click}}
                - {name: any, when: {event: [click, purchase]}}
            history:
              per: visitor
              within: 2 h
              steps:
                - {name: click, when: {event: click}}
                - {name: purchase, when: {event: purchase}}
          """);

  @Test
  void leavesTheRowsOfTheRulesWhateverHappensOnTheWay() throws Exception {
    int restated = 0;
    for (long seed = 1; seed <= TRIES; seed++) {
      try {
        restated += new Run(seed).play();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(restated).as("rows taken back in all runs").isGreaterThan(TRIES);
  }

  /** The three tables, by the rows' ids. */
  private record Tables(
      Map<String, Conversion> conversions,
      Map<String, Credit> credits,
      Map<String, FunnelStep> steps) {
    Tables() {
      this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    Tables copy() {
      return new Tables(new TreeMap<>(conversions), new TreeMap<>(credits), new TreeMap<>(steps));
    }
  }

  /** What had been committed when a checkpoint was complete, and where its source stood. */
  private record Saved(OperatorSubtaskState state, int position, Tables tables) {}

  private static final class Run {
    final Random random;
    final ConversionOptions options;
    final List<Event> input;
    Tables committed = new Tables();
    ConversionsHarness harness;
    long now = START;
    int conversionsRead;
    int creditsRead;
    int stepsRead;
    int position;
    int restated;
    Saved last = new Saved(null, 0, new Tables());

    Run(long seed) {
      random = new Random(seed);
      options =
          new ConversionOptions(
              SessionRules.withGap(Duration.ofMinutes(30)),
              // So short that it matters within some hours.
              new AttributionRules(
                  Duration.ofMinutes(150).toMillis(), Duration.ofMinutes(30).toMillis()),
              Duration.ofSeconds(10),
              Duration.ofMinutes(1),
              Duration.ofDays(100),
              random.nextBoolean() ? 1 + random.nextInt(3_000) : 64L << 20);
      input = input();
    }

    int play() throws Exception {
      harness = new ConversionsHarness(options, DEFINITIONS, now, null);
      try {
        while (position < input.size()) {
          step();
        }
        advance(options.patience());
        commit();
        check();
      } finally {
        harness.close();
      }
      return restated;
    }

    void step() throws Exception {
      int dice = random.nextInt(100);
      if (dice < 75) {
        harness.process(input.get(position++));
      } else if (dice < 92) {
        advance(Duration.ofMillis(random.nextInt(15_000)));
      } else if (dice < 96) {
        OperatorSubtaskState state = harness.checkpoint();
        commit();
        last = new Saved(state, position, committed.copy());
      } else {
        fail();
      }
    }

    void advance(Duration by) throws Exception {
      now += by.toMillis();
      harness.advance(by);
    }

    /** What the lake was sent since the last checkpoint is gone, and the input comes again. */
    void fail() throws Exception {
      harness.close();
      now += random.nextInt(60_000);
      harness = new ConversionsHarness(options, DEFINITIONS, now, last.state);
      position = last.position;
      committed = last.tables.copy();
      conversionsRead = 0;
      creditsRead = 0;
      stepsRead = 0;
    }

    void commit() {
      List<ConversionChange> conversions = harness.conversionChanges();
      for (ConversionChange change : conversions.subList(conversionsRead, conversions.size())) {
        apply(
            committed.conversions,
            change.rowKind(),
            change.conversion.conversionId,
            change.conversion);
      }
      conversionsRead = conversions.size();
      List<CreditChange> credits = harness.creditChanges();
      for (CreditChange change : credits.subList(creditsRead, credits.size())) {
        apply(committed.credits, change.rowKind(), change.credit.id(), change.credit);
      }
      creditsRead = credits.size();
      List<FunnelStepChange> steps = harness.stepChanges();
      for (FunnelStepChange change : steps.subList(stepsRead, steps.size())) {
        apply(committed.steps, change.rowKind(), change.step.stepId, change.step);
      }
      stepsRead = steps.size();
    }

    <T> void apply(Map<String, T> table, RowKind kind, String id, T row) {
      if (kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE) {
        restated++;
        assertThat(table.remove(id)).as("row taken back").usingRecursiveComparison().isEqualTo(row);
      } else {
        assertThat(table.put(id, row)).as("row in the way").isNull();
      }
    }

    void check() {
      Map<String, Map<String, Event>> byVisitor = new TreeMap<>();
      input.forEach(
          event ->
              byVisitor
                  .computeIfAbsent(event.visitorId, visitor -> new TreeMap<>())
                  .put(event.eventId, event));
      Tables expected = new Tables();
      for (Map<String, Event> events : byVisitor.values()) {
        List<Event> once = List.copyOf(events.values());
        List<Touch> touches = TestTouches.of(options.sessions().sessionize(once));
        List<MatchedEvent> matched = TestTouches.match(DEFINITIONS, once);
        for (Conversion conversion : ConversionRules.conversions(matched, touches)) {
          expected.conversions.put(conversion.conversionId, conversion);
          for (Credit credit : options.attribution().credits(conversion, touches)) {
            expected.credits.put(credit.id(), credit);
          }
        }
        for (FunnelStep step : FunnelRules.steps(matched, touches)) {
          expected.steps.put(step.stepId, step);
        }
      }

      assertThat(committed).usingRecursiveComparison().isEqualTo(expected);
    }

    /** Events of a few visitors within some hours, many of them ties, in any order, some twice. */
    List<Event> input() {
      int visitors = 1 + random.nextInt(3);
      int count = 1 + random.nextInt(50);
      long tick = Duration.ofMinutes(random.nextBoolean() ? 5 : 1).toMillis();
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(
            random.nextInt(6) == 0 && i > 0
                ? events.get(random.nextInt(i))
                : fresh(i, visitors, tick));
      }
      Collections.shuffle(events, random);
      return events;
    }

    Event fresh(int number, int visitors, long tick) {
      String type = List.of("page_view", "click", "purchase").get(random.nextInt(3));
      long at = START + random.nextInt(60) * tick;
      Event event = event(type, "v" + random.nextInt(visitors), at);
      event.eventId = "e" + random.nextInt(1_000) + '-' + number;
      event.sequence = random.nextInt(3) == 0 ? (long) random.nextInt(3) : null;
      event.pagePath = "/" + random.nextInt(3);
      event.channel = List.of("direct", "search", "social").get(random.nextInt(3));
      event.trafficSource = random.nextBoolean() ? "s" + random.nextInt(3) : null;
      event.revenueCents = type.equals("purchase") ? (long) random.nextInt(100) : null;
      return event;
    }
  }
}
