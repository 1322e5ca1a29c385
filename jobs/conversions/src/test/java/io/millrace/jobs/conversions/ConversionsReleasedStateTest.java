package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.ReleasedState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionsReleasedStateTest {
  private static final ConversionOptions OPTIONS = ConversionOptions.DEFAULT;
  private static final Definitions DEFINITIONS =
      Definitions.parse(
          "acme.yaml",
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
          """);

  @ParameterizedTest
  @ValueSource(strings = "0.1")
  void goesOnFromWhatAReleaseLeft(String release) throws Exception {
    OperatorSubtaskState left =
        ReleasedState.of(release, "conversions-conversions", ConversionsReleasedStateTest::state);

    try (ConversionsHarness job = new ConversionsHarness(OPTIONS, DEFINITIONS, t(200), left)) {
      job.process(arrival("purchase", 100, "direct"), arrival("click", 99, "social"));
      job.advance(OPTIONS.patience());

      // What the lake has: bought at 60 after a click at 50, all credit to search.
      assertThat(job.conversions()).containsExactly("+I buy@100 0");
      assertThat(job.credits("first")).containsExactly("+I search@50 1.0");
      assertThat(job.credits("last")).containsExactly("+I social@99 1.0");
      assertThat(job.steps()).containsExactlyInAnyOrder("+I shop 1@99", "+I shop 2@100");
    }
  }

  private static OperatorSubtaskState state() throws Exception {
    try (ConversionsHarness job = new ConversionsHarness(OPTIONS, DEFINITIONS, t(60), null)) {
      job.process(arrival("click", 50, "search"), arrival("purchase", 60, "search"));
      job.advance(OPTIONS.patience());
      return job.checkpoint();
    }
  }

  private static Event arrival(String type, long minute, String channel) {
    Event event = event(type, "ann", t(minute));
    event.channel = channel;
    return event;
  }
}
