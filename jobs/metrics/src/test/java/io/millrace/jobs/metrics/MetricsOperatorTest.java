package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsOperatorTest {
  private static final MetricOptions OPTIONS =
      new MetricOptions(
          Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofDays(7), 64L << 20);

  private MetricsHarness metrics;

  MetricOptions options() {
    return OPTIONS;
  }

  @BeforeEach
  void open() throws Exception {
    metrics = new MetricsHarness(options(), t(0));
  }

  @AfterEach
  void close() throws Exception {
    metrics.close();
  }

  @Test
  void writesAWindowWhenTheWatermarkReachesItsEnd() throws Exception {
    metrics.process(update(t(0), 2, "ann"), update(t(14), 1, "bob"));
    metrics.watermark(t(15) - 1);
    assertThat(metrics.changes()).isEmpty();

    metrics.watermark(t(15));

    assertThat(metrics.changes()).containsExactly("+I 0 events=3 visitors=2 r1");
  }

  @Test
  void restatesAWrittenWindowOnceItHasBeenQuiet() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));

    metrics.process(update(t(1), 1, "bob"));
    metrics.advanceProcessingTime(Duration.ofSeconds(9));
    metrics.process(update(t(2), 1, "bob"));
    metrics.advanceProcessingTime(Duration.ofSeconds(9));
    assertThat(metrics.changes()).hasSize(1);
    metrics.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(metrics.changes())
        .containsExactly("+I 0 events=1 visitors=1 r1", "-U 0", "+U 0 events=3 visitors=2 r2");
  }

  @Test
  void restatesAWindowThatIsNeverQuietWhenPatienceIsOver() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));

    for (int second = 0; second <= 60; second += 5) {
      metrics.process(update(t(0), 1, "ann"));
      metrics.advanceProcessingTime(Duration.ofSeconds(5));
    }

    assertThat(metrics.changes())
        .containsExactly("+I 0 events=1 visitors=1 r1", "-U 0", "+U 0 events=13 visitors=1 r2");
  }

  @Test
  void countsRevisionsOnByOne() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));
    for (int i = 0; i < 3; i++) {
      metrics.process(update(t(0), 1, "ann"));
      metrics.advanceProcessingTime(OPTIONS.quiet());
    }

    assertThat(metrics.changes())
        .containsExactly(
            "+I 0 events=1 visitors=1 r1",
            "-U 0",
            "+U 0 events=2 visitors=1 r2",
            "-U 0",
            "+U 0 events=3 visitors=1 r3",
            "-U 0",
            "+U 0 events=4 visitors=1 r4");
  }

  @Test
  void writesNothingAgainWithoutAChange() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));

    metrics.watermark(t(500));
    metrics.advanceProcessingTime(Duration.ofDays(8));

    assertThat(metrics.changes()).hasSize(1);
  }

  @Test
  void writesAnImportedWindowOnceWhenItHasBeenQuiet() throws Exception {
    metrics.watermark(t(100_000));
    metrics.process(update(t(0), 1, "ann"));
    metrics.advanceProcessingTime(Duration.ofSeconds(9));
    metrics.process(update(t(3), 1, "ann"));
    metrics.advanceProcessingTime(Duration.ofSeconds(9));
    assertThat(metrics.changes()).isEmpty();

    metrics.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(metrics.changes()).containsExactly("+I 0 events=2 visitors=1 r1");
  }

  @Test
  void keepsAtMostOneTimerOfEachKindForAWindow() throws Exception {
    for (int i = 0; i < 50; i++) {
      metrics.process(update(t(0), 1, "ann"));
      metrics.advanceProcessingTime(Duration.ofMillis(300));
    }
    assertThat(metrics.timers()).isEqualTo(2);

    metrics.watermark(t(15));
    for (int i = 0; i < 50; i++) {
      metrics.process(update(t(0), 1, "ann"));
      metrics.advanceProcessingTime(Duration.ofMillis(300));
    }

    assertThat(metrics.timers()).isEqualTo(1);
  }

  @Test
  void leavesNoStateAndNoTimerWhenTheWindowsTimeIsOver() throws Exception {
    metrics.process(update(t(0), 1, "ann"), update(t(15), 1, "ann"));
    metrics.watermark(t(15));
    metrics.process(update(t(0), 1, "ann"));
    metrics.checkpoint();
    assertThat(metrics.stateEntries()).isPositive();

    metrics.advanceProcessingTime(OPTIONS.kept());

    assertThat(metrics.stateEntries()).isZero();
    assertThat(metrics.timers()).isZero();
  }

  @Test
  void writesAWindowBeforeItsStateIsDroppedThoughTheWatermarkNeverCame() throws Exception {
    metrics.process(update(t(0), 1, "ann"));

    metrics.advanceProcessingTime(OPTIONS.kept());

    assertThat(metrics.changes()).containsExactly("+I 0 events=1 visitors=1 r1");
    assertThat(metrics.stateEntries()).isZero();
  }

  @Test
  void staysForTheWholeTimeAfterItsLastChange() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));
    metrics.advanceProcessingTime(Duration.ofDays(6));
    metrics.process(update(t(0), 1, "ann"));

    metrics.advanceProcessingTime(Duration.ofDays(6));
    metrics.process(update(t(0), 1, "ann"));
    metrics.advanceProcessingTime(OPTIONS.quiet());

    assertThat(metrics.changes()).last().isEqualTo("+U 0 events=3 visitors=1 r3");
  }

  @Test
  void showsAMinuteWithEveryChange() throws Exception {
    metrics.process(update(t(0), 2, "ann"), update(t(1), 1, "ann"), update(t(0), 1, "ann"));

    assertThat(metrics.hot()).containsExactly("0 events=2", "1 events=1", "0 events=3");
  }

  @Test
  void showsWhatIsForTheHotStoreAloneWithoutRestatingTheWindow() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));
    MetricUpdate session = update(t(0), 0);
    session.sums.sessions = 1;
    session.hotOnly = true;

    metrics.process(session);
    metrics.advanceProcessingTime(OPTIONS.patience());

    assertThat(metrics.hotRows().get(1).sums.sessions).isEqualTo(1);
    assertThat(metrics.changes()).containsExactly("+I 0 events=1 visitors=1 r1");
    metrics.advanceProcessingTime(OPTIONS.kept());
    assertThat(metrics.stateEntries()).isZero();
    assertThat(metrics.timers()).isZero();
  }

  @Test
  void showsTheQuarterOfAnHourWhenItIsOverAndAgainWithEveryLateChange() throws Exception {
    metrics.process(update(t(0), 2, "ann"), update(t(1), 1, "ann"), update(t(14), 1, "bob"));
    metrics.checkpoint();
    metrics.process(update(t(1), 1, "bob"));
    assertThat(metrics.hotQuarters()).isEmpty();
    metrics.watermark(t(15));
    metrics.advanceProcessingTime(Duration.ofSeconds(1));

    metrics.process(update(t(14), 3, "cid"));
    MetricUpdate session = update(t(0), 0);
    session.sums.sessions = 1;
    session.hotOnly = true;
    metrics.process(session);

    assertThat(metrics.hotQuarters())
        .containsExactly(
            "0 events=5 sessions=0 visitors=2",
            "0 events=8 sessions=0 visitors=3",
            "0 events=8 sessions=1 visitors=3");
    assertThat(metrics.hotQuarterVersions()).isSorted();
  }

  @Test
  void showsNoQuarterOfWhichNoMinuteIsHot() throws Exception {
    MetricUpdate old = update(t(0), 1, "ann");
    old.minuteStart = MetricUpdate.NOT_HOT;

    metrics.process(old);
    metrics.watermark(t(15));

    assertThat(metrics.hotQuarters()).isEmpty();
  }

  @Test
  void showsTheQuarterAfterARestoreThoughNothingMoreCame() throws Exception {
    metrics.process(update(t(0), 2, "ann"), update(t(1), 1, "bob"));
    OperatorSubtaskState checkpoint = metrics.checkpoint();

    try (MetricsHarness restored = new MetricsHarness(options(), t(1), checkpoint)) {
      restored.watermark(t(15));

      assertThat(restored.hotQuarters()).containsExactly("0 events=3 sessions=0 visitors=2");
    }
  }

  @Test
  void showsNoMinuteThatIsTooOldForTheHotStore() throws Exception {
    MetricUpdate old = update(t(0), 1, "ann");
    old.minuteStart = MetricUpdate.NOT_HOT;

    metrics.process(old);

    assertThat(metrics.hot()).isEmpty();
  }

  @Test
  void leavesWhatItHasSentUnchangedAsItSumsOn() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));
    MetricRow hot = metrics.hotRows().get(0);

    metrics.process(update(t(0), 5, "bob"));

    assertThat(hot.sums.events).isEqualTo(1);
    assertThat(metrics.changes()).containsExactly("+I 0 events=1 visitors=1 r1");
  }

  @Test
  void givesEachGroupItsOwnWindow() throws Exception {
    MetricUpdate bot = update(t(0), 1, "crawler");
    bot.bot = true;
    MetricUpdate otherTenant = update(t(0), 1, "ann");
    otherTenant.tenant = "other";

    metrics.process(update(t(0), 1, "ann"), bot, otherTenant, update(t(15), 1, "ann"));
    metrics.watermark(t(30));

    assertThat(metrics.changes())
        .hasSize(4)
        .allSatisfy(change -> assertThat(change).contains("events=1").endsWith("r1"));
  }

  @Test
  void takesASessionBackFromAWindow() throws Exception {
    MetricUpdate session = update(t(0), 0);
    session.sums.sessions = 1;
    session.sums.bounces = 1;
    MetricUpdate back = update(t(0), 0);
    back.sums.sessions = -1;
    back.sums.bounces = -1;

    metrics.process(update(t(0), 1, "ann"), session, back);

    assertThat(metrics.hotRows().get(1).sums.sessions).isEqualTo(1);
    assertThat(metrics.hotRows().get(2).sums.sessions).isZero();
    assertThat(metrics.hotRows().get(2).sums.bounces).isZero();
  }

  @Test
  void takesTheRowAwayWhenAllItsSessionsMoveToAnotherGroup() throws Exception {
    MetricUpdate session = update(t(0), 0);
    session.sums.sessions = 1;
    MetricUpdate back = update(t(0), 0);
    back.sums.sessions = -1;
    metrics.process(session);
    metrics.watermark(t(15));

    metrics.process(back);
    metrics.advanceProcessingTime(OPTIONS.quiet());
    metrics.process(update(t(0), 1, "ann"));
    metrics.advanceProcessingTime(OPTIONS.quiet());

    assertThat(metrics.changes())
        .containsExactly("+I 0 events=0 visitors=0 r1", "-D 0", "+I 0 events=1 visitors=1 r2");
  }

  @Test
  void writesNoRowForSessionsThatWereTakenBackBefore() throws Exception {
    MetricUpdate session = update(t(0), 0);
    session.sums.sessions = 1;
    MetricUpdate back = update(t(0), 0);
    back.sums.sessions = -1;

    metrics.process(session, back);
    metrics.watermark(t(15));

    assertThat(metrics.changes()).isEmpty();
  }

  @Test
  void goesOnFromACheckpointAsIfNothingHadHappened() throws Exception {
    metrics.process(update(t(0), 2, "ann"));
    metrics.watermark(t(15));
    OperatorSubtaskState checkpoint = metrics.checkpoint();

    try (MetricsHarness restored = new MetricsHarness(options(), t(16), checkpoint)) {
      restored.watermark(t(15));
      restored.process(update(t(0), 1, "bob"));
      restored.advanceProcessingTime(OPTIONS.quiet());

      assertThat(restored.changes()).containsExactly("-U 0", "+U 0 events=3 visitors=2 r2");
      assertThat(restored.hot()).containsExactly("0 events=3");
    }
  }

  @Test
  void writesAnOpenWindowAfterARestore() throws Exception {
    metrics.process(update(t(0), 2, "ann"));
    OperatorSubtaskState checkpoint = metrics.checkpoint();

    try (MetricsHarness restored = new MetricsHarness(options(), t(1), checkpoint)) {
      restored.watermark(t(15));

      assertThat(restored.changes()).containsExactly("+I 0 events=2 visitors=1 r1");
    }
  }

  /** A job that was away for longer than quiet fires its timers before its first watermark. */
  @Test
  void restatesAWindowThatWasWaitingWhenTheJobFailed() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    metrics.watermark(t(15));
    metrics.process(update(t(0), 1, "ann"));
    OperatorSubtaskState checkpoint = metrics.checkpoint();

    try (MetricsHarness restored = new MetricsHarness(options(), t(0), checkpoint)) {
      restored.advanceProcessingTime(Duration.ofMinutes(5));
      assertThat(restored.changes()).isEmpty();
      restored.watermark(t(15));

      assertThat(restored.changes()).containsExactly("-U 0", "+U 0 events=2 visitors=1 r2");
      assertThat(restored.timers()).isEqualTo(1);
    }
  }

  /** A session may be restated more often in a run that fails than in the one that repeats it. */
  @Test
  void givesWhatIsRepeatedAfterAFailureANewerVersion() throws Exception {
    metrics.process(update(t(0), 1, "ann"));
    OperatorSubtaskState checkpoint = metrics.checkpoint();
    for (int i = 0; i < 5; i++) {
      metrics.process(update(t(0), 1, "ann"));
    }
    long shown = metrics.hotRows().get(5).sums.changes;

    try (MetricsHarness restored = new MetricsHarness(options(), t(1), checkpoint)) {
      restored.process(update(t(0), 7, "ann"));

      assertThat(restored.hotRows().get(0).sums.changes).isGreaterThan(shown);
    }
  }

  @Test
  void versionsGrowThoughTheClockStandsStillOrGoesBack() throws Exception {
    metrics.process(update(t(0), 1, "ann"), update(t(0), 1, "ann"));
    metrics.advanceProcessingTime(Duration.ofMinutes(-1));
    metrics.process(update(t(0), 1, "ann"));

    assertThat(metrics.hotRows())
        .extracting(row -> row.sums.changes)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static MetricUpdate update(long at, long events, String... visitors) {
    MetricUpdate update = new MetricUpdate();
    update.tenant = "acme";
    update.grouping = "all";
    update.value = "all";
    update.windowStart = MetricRules.windowStart(at, MetricRules.WINDOW_MS);
    update.minuteStart = MetricRules.windowStart(at, MetricRules.MINUTE_MS);
    update.sums = new Measures();
    update.sums.events = events;
    update.sums.changes = 1;
    update.visitors = new long[visitors.length];
    for (int i = 0; i < visitors.length; i++) {
      update.visitors[i] = SessionRules.hash(visitors[i]);
    }
    return update;
  }
}
