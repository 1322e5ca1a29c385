package io.millrace.jobs.sessions;

import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.kit.ReleasedState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsReleasedStateTest {
  private static final SessionOptions OPTIONS = SessionOptions.DEFAULT;

  @ParameterizedTest
  @ValueSource(strings = "0.1")
  void goesOnFromWhatAReleaseLeft(String release) throws Exception {
    OperatorSubtaskState left =
        ReleasedState.of(release, "sessions-sessionize", SessionsReleasedStateTest::state);

    try (SessionsHarness sessions = new SessionsHarness(OPTIONS, t(45), left)) {
      sessions.watermark(t(40));
      sessions.process(pageView("ann", t(10)), pageView("ann", t(20)), pageView("bob", t(50)));
      sessions.advanceProcessingTime(OPTIONS.quiet());
      sessions.watermark(t(90));

      assertThat(sessions.duplicates()).hasSize(1);
      assertThat(sessions.changes())
          .containsExactlyInAnyOrder(
              "-U ann 0..10 events=2 pages=2 r1",
              "+U ann 0..20 events=3 pages=3 r2",
              "+I bob 30..50 events=2 pages=2 r1");
    }
  }

  /** Ann's session is in the lake, Bob's is open. */
  private static OperatorSubtaskState state() throws Exception {
    try (SessionsHarness sessions = new SessionsHarness(OPTIONS, t(40))) {
      sessions.process(pageView("ann", t(0)), pageView("ann", t(10)), pageView("bob", t(30)));
      sessions.watermark(t(40));
      return sessions.checkpoint();
    }
  }
}
