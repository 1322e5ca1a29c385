package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithNonKeyedOperator;
import org.apache.flink.streaming.util.BroadcastOperatorTestHarness;
import org.junit.jupiter.api.Test;

class MatchFunctionTest {
  private static final String BUY = "goals: {buy: {when: {event: purchase}}}";
  private static final String SIGN_UP = "goals: {sign-up: {when: {event: purchase}}}";

  @Test
  void matchesTheFirstEventByTheDefinitionsOfTheStart() throws Exception {
    try (var harness = open(Map.of("acme", BUY), null)) {
      harness.processElement(purchase(), 0);

      assertThat(goals(harness)).containsExactly("buy");
    }
  }

  @Test
  void matchesByTheLatestDefinitionsOfTheEventsTenant() throws Exception {
    try (var harness = open(Map.of("acme", BUY), null)) {
      harness.processBroadcastElement(DefinitionsSet.of(Map.of("acme", SIGN_UP, "other", BUY)), 0);
      harness.processElement(purchase(), 0);
      harness.processBroadcastElement(DefinitionsSet.of(Map.of("other", BUY)), 0);
      harness.processElement(purchase(), 0);

      assertThat(goals(harness)).containsExactly("sign-up"); // who defines nothing is left out
    }
  }

  @Test
  void goesOnWithTheLatestDefinitionsAfterAFailure() throws Exception {
    OperatorSubtaskState state;
    try (var harness = open(Map.of("acme", BUY), null)) {
      harness.processBroadcastElement(DefinitionsSet.of(Map.of("acme", SIGN_UP)), 0);
      state = harness.snapshot(1, 1);
    }

    try (var harness = open(Map.of("acme", BUY), state)) {
      harness.processElement(purchase(), 0);

      assertThat(goals(harness)).containsExactly("sign-up");
    }
  }

  private static BroadcastOperatorTestHarness<Event, DefinitionsSet, MatchedEvent> open(
      Map<String, String> initial, OperatorSubtaskState restored) throws Exception {
    var harness =
        new BroadcastOperatorTestHarness<>(
            new CoBroadcastWithNonKeyedOperator<>(
                new MatchFunction(DefinitionsSet.of(initial)), List.of(MatchFunction.DEFINITIONS)),
            1,
            1,
            0);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private static Event purchase() {
    return event("purchase", "ann", t(0));
  }

  private static List<String> goals(
      BroadcastOperatorTestHarness<Event, DefinitionsSet, MatchedEvent> harness) {
    return harness.extractOutputValues().stream()
        .map(matched -> matched.goals == null ? "none" : matched.goals[0].goal)
        .toList();
  }
}
