package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.ReleasedState;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsReleasedStateTest {
  private static final MetricOptions OPTIONS = MetricOptions.DEFAULT;

  @ParameterizedTest
  @ValueSource(strings = "0.1")
  void windowsGoOnFromWhatAReleaseLeft(String release) throws Exception {
    OperatorSubtaskState left =
        ReleasedState.of(release, "metrics-windows", MetricsReleasedStateTest::windows);

    try (MetricsHarness metrics = new MetricsHarness(OPTIONS, t(20), left)) {
      metrics.watermark(t(15));
      for (MetricUpdate update : updates(t(1), "bob")) {
        metrics.process(update);
      }
      metrics.advanceProcessingTime(OPTIONS.quiet());
      metrics.watermark(t(30));

      assertThat(metrics.changes())
          .containsExactly("-U 0", "+U 0 events=2 visitors=2 r2", "+I 15 events=1 visitors=1 r1");
      assertThat(metrics.hot()).containsExactly("1 events=2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "0.1")
  void sessionSumsGoOnFromWhatAReleaseLeft(String release) throws Exception {
    OperatorSubtaskState left =
        ReleasedState.of(release, "metrics-sum-sessions", MetricsReleasedStateTest::sessionSums);

    try (SumsHarness<SessionChange> sums =
        new SumsHarness<>(new SessionSumsOperator(), t(60), left)) {
      sums.advanceProcessingTime(Duration.ofMillis(1));

      assertThat(sums.output())
          .containsExactly("all hot 0 minute=14 events=0 sessions=1 visitors=0");
    }
  }

  /** The first window is in the lake, the second is open. */
  private static OperatorSubtaskState windows() throws Exception {
    try (MetricsHarness metrics = new MetricsHarness(OPTIONS, t(16))) {
      for (MetricUpdate update : updates(t(1), "ann")) {
        metrics.process(update);
      }
      for (MetricUpdate update : updates(t(16), "ann")) {
        metrics.process(update);
      }
      metrics.watermark(t(15));
      return metrics.checkpoint();
    }
  }

  private static List<MetricUpdate> updates(long at, String visitor) throws Exception {
    try (SumsHarness<io.millrace.domain.event.Event> sums =
        new SumsHarness<>(new EventSumsOperator(), t(20))) {
      sums.process(pageView(visitor, at));
      sums.barrier();
      return sums.updates().stream().filter(update -> update.grouping.equals("all")).toList();
    }
  }

  private static OperatorSubtaskState sessionSums() throws Exception {
    Session session = new Session();
    session.tenant = "acme";
    session.visitorId = "ann";
    session.sessionId = "s";
    session.startedAt = t(14);
    session.endedAt = t(15);
    try (SumsHarness<SessionChange> sums = new SumsHarness<>(new SessionSumsOperator(), t(50))) {
      sums.process(new SessionChange(RowKind.INSERT, session));
      return sums.checkpoint();
    }
  }
}
