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
  private record Saved(
      OperatorSubtaskState state, HotCountsHarness.State hot, int position, Tables tables) {}

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
    Saved last = new Saved(null, null, 0, new Tables());
    HotCountsHarness hot;
    int reachedShown;
    int stepsShown;

    /** What the hot store has: of several values the one with the highest version. */
    final Map<String, HotCount> shown = new TreeMap<>();

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
      hot = new HotCountsHarness(now, null);
      try {
        while (position < input.size()) {
          step();
          show();
        }
        advance(options.patience());
        commit();
        show();
        hot.checkpoint();
        hot.confirmCheckpoint();
        show();
        check();
      } finally {
        harness.close();
        hot.close();
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
        show();
        last = new Saved(state, hot.checkpoint(), position, committed.copy());
        if (random.nextInt(4) > 0) { // the word can be lost, and then the next one counts for both
          hot.confirmCheckpoint();
        }
      } else {
        fail();
      }
    }

    void advance(Duration by) throws Exception {
      now += by.toMillis();
      harness.advance(by);
      hot.advanceTo(now);
    }

    /** What the operator says goes on to the counts at once, as in a chain. */
    void show() throws Exception {
      List<Conversion> reached = harness.reached();
      for (; reachedShown < reached.size(); reachedShown++) {
        hot.reached(reached.get(reachedShown));
      }
      List<FunnelStepChange> steps = harness.stepChanges();
      for (; stepsShown < steps.size(); stepsShown++) {
        hot.step(steps.get(stepsShown));
      }
      for (HotCount count : hot.take()) {
        shown.merge(count.key(), count, (old, young) -> young.changes >= old.changes ? young : old);
      }
    }

    /**
     * What the lake was sent since the last checkpoint is gone, what the hot store was sent stays,
     * and the input comes again.
     */
    void fail() throws Exception {
      harness.close();
      hot.close();
      now += random.nextInt(60_000);
      harness = new ConversionsHarness(options, DEFINITIONS, now, last.state);
      hot = new HotCountsHarness(now, last.hot);
      reachedShown = 0;
      stepsShown = 0;
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
      assertThat(hotCounts()).as("hot").isEqualTo(counts(expected));
    }

    /** How often each goal and step was reached, and what that was worth. */
    Map<String, String> hotCounts() {
      Map<String, String> counts = new TreeMap<>();
      shown.forEach(
          (key, count) -> {
            if (count.reached != 0) { // the hot store keeps zeros until they expire
              counts.put(key, count.reached + " " + count.revenueCents);
            }
          });
      return counts;
    }

    Map<String, String> counts(Tables tables) {
      List<HotCount> all = new ArrayList<>();
      tables.conversions.values().forEach(row -> all.add(HotCount.of(row)));
      tables.steps.values().forEach(row -> all.add(HotCount.of(row, 1)));
      Map<String, Long> reached = new TreeMap<>();
      Map<String, Long> cents = new TreeMap<>();
      for (HotCount one : all) {
        reached.merge(one.key(), 1L, Long::sum);
        cents.merge(one.key(), one.revenueCents, Long::sum);
      }
      Map<String, String> counts = new TreeMap<>();
      reached.forEach((key, count) -> counts.put(key, count + " " + cents.get(key)));
      return counts;
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
