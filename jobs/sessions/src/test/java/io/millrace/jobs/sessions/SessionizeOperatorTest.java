package io.millrace.jobs.sessions;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionizeOperatorTest {
  private static final SessionOptions OPTIONS =
      SessionOptions.DEFAULT.withQuiet(Duration.ofSeconds(10));

  private SessionsHarness sessions;

  @BeforeEach
  void open() throws Exception {
    sessions = new SessionsHarness(OPTIONS, t(0));
  }

  @AfterEach
  void close() throws Exception {
    sessions.close();
  }

  @Test
  void closesTheSessionWhenTheWatermarkIsOneGapPastItsLastEvent() throws Exception {
    sessions.process(pageView("ann", t(0)), pageView("ann", t(10)));
    sessions.watermark(t(40) - 1);
    assertThat(sessions.changes()).isEmpty();

    sessions.watermark(t(40));

    assertThat(sessions.changes()).containsExactly("+I ann 0..10 events=2 pages=2 r1");
  }

  @Test
  void leavesNoStateAndNoTimerWhenTheSessionsTimeIsOver() throws Exception {
    sessions.process(pageView("ann", t(0)), pageView("ann", t(100)), pageView("bob", t(0)));
    sessions.watermark(t(200));
    assertThat(sessions.stateEntries()).isPositive();

    sessions.advanceProcessingTime(Duration.ofDays(7).plusMillis(1));

    assertThat(sessions.stateEntries()).isZero();
    assertThat(sessions.timers()).isZero();
  }

  @Test
  void writesASessionBeforeItsStateIsDroppedThoughTheWatermarkNeverCame() throws Exception {
    sessions.process(pageView("ann", t(0)));

    sessions.advanceProcessingTime(Duration.ofDays(7).plusMillis(1));

    assertThat(sessions.changes()).containsExactly("+I ann 0..0 events=1 pages=1 r1");
    assertThat(sessions.timers()).isZero();
  }

  @Test
  void writesAnImportedSessionOnceWhenItHasBeenQuiet() throws Exception {
    sessions.watermark(t(100_000));
    sessions.process(pageView("ann", t(0)));
    sessions.advanceProcessingTime(Duration.ofSeconds(9));
    sessions.process(pageView("ann", t(5)));
    sessions.advanceProcessingTime(Duration.ofSeconds(9));
    assertThat(sessions.changes()).isEmpty();

    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(sessions.changes()).containsExactly("+I ann 0..5 events=2 pages=2 r1");
  }

  @Test
  void countsARepeatedEventWithThePlaceOfItsOriginal() throws Exception {
    var original = pageView("ann", t(0));
    original.kafkaPartition = 3;
    original.kafkaOffset = 17;

    sessions.process(original, pageView("ann", t(0)));
    sessions.watermark(t(60));

    assertThat(sessions.events()).hasSize(1);
    assertThat(sessions.duplicates())
        .singleElement()
        .satisfies(
            duplicate -> {
              assertThat(duplicate.originalPartition).isEqualTo(3);
              assertThat(duplicate.originalOffset).isEqualTo(17);
            });
    assertThat(sessions.changes()).containsExactly("+I ann 0..0 events=1 pages=1 r1");
  }

  @Test
  void findsADuplicateInAnotherSessionWhenItsClockWasCorrected() throws Exception {
    sessions.process(pageView("ann", t(0)));
    var retry = pageView("ann", t(0));
    retry.occurredAt = t(50);
    retry.clockCorrected = true;

    sessions.process(retry);

    assertThat(sessions.duplicates()).hasSize(1);
    assertThat(sessions.events()).hasSize(1);
  }

  @Test
  void keepsTheSameIdFromAnotherVisitor() throws Exception {
    var copied = pageView("bob", t(0));
    copied.eventId = pageView("ann", t(0)).eventId;

    sessions.process(pageView("ann", t(0)), copied);

    assertThat(sessions.events()).hasSize(2);
  }

  @Test
  void restatesAClosedSessionThatALateEventExtends() throws Exception {
    sessions.process(pageView("ann", t(0)));
    sessions.watermark(t(100));

    sessions.process(pageView("ann", t(20)));
    sessions.advanceProcessingTime(Duration.ofSeconds(10));

    assertThat(sessions.changes())
        .containsExactly(
            "+I ann 0..0 events=1 pages=1 r1",
            "-U ann 0..0 events=1 pages=1 r1",
            "+U ann 0..20 events=2 pages=2 r2");
  }

  @Test
  void withdrawsTheOldIdWhenALateEventMovesTheStart() throws Exception {
    sessions.process(pageView("ann", t(20)));
    sessions.watermark(t(100));

    sessions.process(pageView("ann", t(0)));
    sessions.advanceProcessingTime(Duration.ofSeconds(10));

    assertThat(sessions.changes())
        .containsExactly(
            "+I ann 20..20 events=1 pages=1 r1",
            "-D ann 20..20 events=1 pages=1 r1",
            "+I ann 0..20 events=2 pages=2 r2");
  }

  @Test
  void joinsTwoClosedSessionsThatALateEventBridges() throws Exception {
    sessions.process(pageView("ann", t(0)), pageView("ann", t(50)));
    sessions.watermark(t(200));

    sessions.process(pageView("ann", t(25)));
    sessions.advanceProcessingTime(Duration.ofSeconds(10));

    assertThat(sessions.changes())
        .containsExactly(
            "+I ann 0..0 events=1 pages=1 r1",
            "+I ann 50..50 events=1 pages=1 r1",
            "-U ann 0..0 events=1 pages=1 r1",
            "-D ann 50..50 events=1 pages=1 r1",
            "+U ann 0..50 events=3 pages=3 r2");
  }

  @Test
  void waitsForTheWatermarkAgainWhenALateEventReopensASession() throws Exception {
    sessions.process(pageView("ann", t(0)));
    sessions.watermark(t(31));

    sessions.process(pageView("ann", t(29)));
    sessions.advanceProcessingTime(Duration.ofSeconds(30));
    assertThat(sessions.changes()).hasSize(1);
    sessions.watermark(t(59));

    assertThat(sessions.changes().subList(1, 3))
        .containsExactly("-U ann 0..0 events=1 pages=1 r1", "+U ann 0..29 events=2 pages=2 r2");
  }

  @Test
  void showsALiveSessionWithinASecondAndAgainWhenItCloses() throws Exception {
    sessions.process(pageView("ann", t(0)), event("click", "ann", t(1)));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));
    assertThat(sessions.live()).containsExactly("ann 0 open v4");

    sessions.watermark(t(60));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(sessions.live()).containsExactly("ann 0 open v4", "ann 0 closed v5");
  }

  @Test
  void takesTheOldIdFromTheLiveViewWhenTheStartMoves() throws Exception {
    sessions.process(pageView("ann", t(20)));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    sessions.process(pageView("ann", t(10)));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(sessions.live())
        .containsExactly("ann 20 open v2", "ann 20 withdrawn", "ann 10 open v4");
  }

  @Test
  void keepsTheIdInTheLiveViewWhenALaterSessionIsJoinedToIt() throws Exception {
    sessions.process(pageView("ann", t(50)), pageView("ann", t(0)));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    sessions.process(pageView("ann", t(25)));
    sessions.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(sessions.live())
        .containsExactly("ann 50 open v2", "ann 0 open v2", "ann 50 withdrawn", "ann 0 open v6");
  }

  @Test
  void goesOnFromACheckpointAsIfNothingHadHappened() throws Exception {
    sessions.process(pageView("ann", t(0)), pageView("bob", t(5)));
    OperatorSubtaskState checkpoint = sessions.checkpoint();

    try (SessionsHarness restored = new SessionsHarness(OPTIONS, t(1), checkpoint)) {
      restored.process(pageView("ann", t(0)), pageView("ann", t(10)));
      restored.watermark(t(60));

      assertThat(restored.duplicates()).hasSize(1);
      assertThat(restored.changes())
          .containsExactlyInAnyOrder(
              "+I ann 0..10 events=2 pages=2 r1", "+I bob 5..5 events=1 pages=1 r1");
    }
  }

  @Test
  void givesTheSameSessionsWithACacheThatHoldsNobody() throws Exception {
    try (SessionsHarness tiny = new SessionsHarness(OPTIONS.withCacheBytes(1), t(0))) {
      for (int minute = 0; minute < 50; minute += 5) {
        tiny.process(pageView("ann", t(minute)), pageView("bob", t(minute)));
      }
      tiny.process(pageView("ann", t(0)));
      tiny.watermark(t(100));

      assertThat(tiny.duplicates()).hasSize(1);
      assertThat(tiny.changes())
          .containsExactlyInAnyOrder(
              "+I ann 0..45 events=10 pages=10 r1", "+I bob 0..45 events=10 pages=10 r1");
    }
  }

  @Test
  void givesEachSessionTheIdThatTheRulesGive() throws Exception {
    sessions.process(pageView("ann", t(0)));
    sessions.watermark(t(60));

    assertThat(sessions.rows().get(0).sessionId)
        .isEqualTo(SessionRules.sessionId("acme", "ann", t(0)));
  }
}
