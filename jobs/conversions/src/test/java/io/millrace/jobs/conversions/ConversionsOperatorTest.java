package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.event.Event;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversionsOperatorTest {
  private static final String YAML =
      """
      goals:
        buy: {when: {event: purchase}, value: revenue}
      funnels:
        shop:
          per: session
          within: 1 h
          steps:
            - {name: look, when: {event: click}}
            - {name: buy, when: {event: purchase}}
      """;
  private static final Definitions DEFINITIONS = Definitions.parse("acme.yaml", YAML);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private ConversionsHarness job;

  @BeforeEach
  void open() throws Exception {
    job = open(null);
  }

  @AfterEach
  void close() throws Exception {
    job.close();
  }

  @Test
  void writesAConversionItsCreditsAndStepsWhenTheVisitorHasBeenQuiet() throws Exception {
    job.process(
        arrival("click", 0, "search"), arrival("click", 100, "direct"), purchase(101, 1_000));
    job.advance(QUIET.minusMillis(1));
    assertThat(job.conversions()).isEmpty();

    job.advance(Duration.ofMillis(1));

    assertThat(job.conversions()).containsExactly("+I buy@101 1000");
    assertThat(job.credits("linear")).containsExactly("+I search@0 0.5", "+I direct@100 0.5");
    assertThat(job.credits("last_non_direct")).containsExactly("+I search@0 1.0");
    assertThat(job.steps())
        .containsExactlyInAnyOrder("+I shop 1@0", "+I shop 1@100", "+I shop 2@101");
  }

  @Test
  void showsAConversionAsSoonAsItHappensAndOnce() throws Exception {
    job.process(purchase(101, 1_000), purchase(101, 1_000), arrival("click", 102, "direct"));

    assertThat(job.reached())
        .singleElement()
        .satisfies(
            conversion -> {
              assertThat(conversion.goal).isEqualTo("buy");
              assertThat(conversion.occurredAt).isEqualTo(t(101));
              assertThat(conversion.revenueCents).isEqualTo(1_000);
            });
    assertThat(job.conversions()).isEmpty();
  }

  @Test
  void writesAllThatWaitsWhenTheInputEnds() throws Exception {
    job.process(purchase(0, 5));
    job.advance(QUIET);
    for (int visitor = 0; visitor < 200; visitor++) {
      Event event = event("purchase", "v" + visitor, t(1));
      event.channel = "direct";
      job.process(event);
    }
    job.checkpoint();
    job.process(purchase(2, 7));

    job.endInput();

    assertThat(job.conversions())
        .hasSize(202)
        .startsWith("+I buy@0 5")
        .contains("+I buy@2 7")
        .allMatch(change -> change.startsWith("+I"));
  }

  @Test
  void writesWhenPatienceIsOverThoughTheVisitorIsNeverQuiet() throws Exception {
    job.process(purchase(0, 1));
    for (int second = 0; second < 55; second += 5) {
      job.advance(Duration.ofSeconds(5));
      job.process(purchase(second + 1, 1));
    }
    assertThat(job.conversions()).isEmpty();

    job.advance(Duration.ofSeconds(5));

    assertThat(job.conversions()).hasSize(12);
  }

  @Test
  void restatesCreditsWhenASessionBeforeTheConversionComesLate() throws Exception {
    job.process(arrival("purchase", 100, "direct"));
    job.advance(QUIET);

    job.process(arrival("view", 0, "search"));
    job.advance(QUIET);

    assertThat(job.conversions()).containsExactly("+I buy@100 0");
    assertThat(job.credits("linear"))
        .containsExactly(
            "+I direct@100 1.0", "-U direct@100 1.0", "+U direct@100 0.5", "+I search@0 0.5");
    assertThat(job.credits("first"))
        .containsExactly("+I direct@100 1.0", "-D direct@100 1.0", "+I search@0 1.0");
    assertThat(job.credits("last")).containsExactly("+I direct@100 1.0");
  }

  @Test
  void restatesTheSessionWhenALateEventMovesItsStart() throws Exception {
    job.process(arrival("purchase", 20, "direct"));
    job.advance(QUIET);

    job.process(arrival("view", 0, "search"));
    job.advance(QUIET);

    assertThat(job.conversions()).containsExactly("+I buy@20 0", "-U buy@20 0", "+U buy@20 0");
    assertThat(job.credits("last"))
        .containsExactly("+I direct@20 1.0", "-D direct@20 1.0", "+I search@0 1.0");
  }

  @Test
  void movesAStepToAnEarlierEventThatComesLate() throws Exception {
    job.process(arrival("click", 20, "direct"));
    job.advance(QUIET);

    job.process(arrival("click", 25, "direct"));
    job.advance(QUIET);
    assertThat(job.steps()).containsExactly("+I shop 1@20");

    job.process(arrival("click", 20, "direct"), arrival("click", 10, "direct"));
    job.advance(QUIET);

    assertThat(job.steps()).containsExactly("+I shop 1@20", "-D shop 1@20", "+I shop 1@10");
  }

  @Test
  void writesNothingForARepeatedEventOrOneThatOnlyProlongsTheVisit() throws Exception {
    job.process(purchase(0, 5));
    job.advance(QUIET);

    job.process(purchase(0, 5), arrival("view", 10, "direct"));
    job.advance(Duration.ofMinutes(5));

    assertThat(job.conversions()).containsExactly("+I buy@0 5");
    assertThat(job.credits("linear")).hasSize(1);
  }

  @Test
  void leavesNoStateAndNoTimerWhenTheVisitorsTimeIsOver() throws Exception {
    job.process(purchase(0, 5), arrival("view", 100, "direct"));
    Event other = event("view", "bob", t(0));
    job.process(other);
    job.advance(QUIET);
    assertThat(job.stateEntries()).isEqualTo(2);

    job.advance(Duration.ofDays(97));

    assertThat(job.stateEntries()).isZero();
    assertThat(job.timers()).isZero();
    assertThat(job.conversions()).containsExactly("+I buy@0 5");
  }

  @Test
  void looksBackOnASessionOfAlmostNinetyDaysAgo() throws Exception {
    job.process(arrival("view", 0, "search"));
    long minutes = Duration.ofDays(90).toMinutes();
    job.advance(Duration.ofDays(90));

    job.process(arrival("purchase", minutes, "direct"));
    job.advance(QUIET);

    assertThat(job.credits("first")).containsExactly("+I search@0 1.0");
  }

  @Test
  void keepsASessionAsLongAsAConversionThatLooksBackOnItIsRestated() throws Exception {
    job.process(arrival("view", 0, "search"));
    job.advance(Duration.ofDays(95));
    // An import: it happened an hour after the session, and arrives months later.
    job.process(arrival("purchase", 60, "direct"));
    job.advance(Duration.ofDays(6));

    job.process(arrival("view", 120, "social"), arrival("view", -120, "email"));
    job.advance(QUIET);

    assertThat(job.credits("first"))
        .containsExactly("+I search@0 1.0", "-D search@0 1.0", "+I email@-120 1.0");
    job.advance(Duration.ofDays(97));
    assertThat(job.stateEntries()).isZero();
    assertThat(job.timers()).isZero();
  }

  @Test
  void leavesAConversionAsItIsWhenItsTimeToBeRestatedIsOver() throws Exception {
    job.process(arrival("purchase", 100, "direct"));
    job.advance(Duration.ofDays(7));

    job.process(arrival("view", 0, "search"));
    job.advance(QUIET);

    assertThat(job.credits("first")).containsExactly("+I direct@100 1.0");
  }

  @Test
  void countsEachEventByTheDefinitionsThatWereInForceWhenItArrived() throws Exception {
    Definitions changed =
        Definitions.parse("acme.yaml", YAML.replace("value: revenue", "value: 700"));
    job.process(purchase(0, 5));

    job.process(changed, purchase(1, 5));
    job.advance(QUIET);

    assertThat(job.conversions()).containsExactly("+I buy@0 5", "+I buy@1 700");
    assertThat(job.conversionChanges())
        .extracting(change -> change.conversion.definitionsVersion)
        .containsExactly(DEFINITIONS.version(), changed.version());
    assertThat(job.conversionChanges().get(0).conversion.version)
        .isNotEqualTo(job.conversionChanges().get(1).conversion.version);
  }

  @Test
  void goesOnAfterAFailureAsIfThereHadBeenNone() throws Exception {
    job.process(arrival("click", 0, "search"), purchase(1, 5));
    job.advance(QUIET);
    job.process(arrival("click", 2, "search"), purchase(100, 7));
    OperatorSubtaskState state = job.checkpoint();
    job.close();

    job = open(state);
    job.advance(QUIET.plus(QUIET));
    job.process(purchase(100, 7));
    job.advance(QUIET);

    assertThat(job.conversions()).containsExactly("+I buy@100 7");
  }

  private static ConversionsHarness open(OperatorSubtaskState restored) throws Exception {
    return new ConversionsHarness(ConversionOptions.DEFAULT, DEFINITIONS, t(0), restored);
  }

  private static Event arrival(String type, long minute, String channel) {
    Event event = event(type, "ann", t(minute));
    event.channel = channel;
    return event;
  }

  private static Event purchase(long minute, long cents) {
    Event event = arrival("purchase", minute, "direct");
    event.revenueCents = cents;
    return event;
  }
}
