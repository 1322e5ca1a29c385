package io.millrace.jobs.anomalies;

import static io.millrace.jobs.anomalies.SeriesHarness.DAY;
import static io.millrace.jobs.anomalies.SeriesHarness.HOUR;
import static io.millrace.jobs.anomalies.SeriesHarness.QUARTER;
import static io.millrace.jobs.anomalies.SeriesHarness.START;
import static io.millrace.jobs.anomalies.SeriesHarness.usual;
import static io.millrace.jobs.anomalies.SeriesHarness.window;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFunctionTest {
  private static final String EVENTS = "events|all|all|15m";
  private static final int WEEKS_2 = 15;
  private static final long OUTAGE = START + 16 * DAY + 12 * HOUR;

  @Test
  void aWindowIsJudgedOnceTheWatermarkHasPassedItAndAnOpenOneNever() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.watermark(START - 1);
      harness.process(window(START, 100));
      harness.pass(Duration.ofMinutes(1)); // a new segment is learned at once from what is there
      harness.watermark(START + QUARTER - 1);
      int open = harness.side(SeriesFunction.CLOSED).size();

      harness.watermark(START + QUARTER);

      assertThat(open).isZero();
      assertThat(harness.side(SeriesFunction.CLOSED))
          .extracting(row -> row.metric + '=' + row.actual)
          .containsExactly("events=100.0", "page_views=75.0", "revenue_cents=5000.0", "ctr=0.16");
    }
  }

  @Test
  void sessionsAreJudgedAnHourLaterWhenTheyHaveClosed() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      SegmentWindow early = window(START, 100);
      early.sums.sessions = 0;
      harness.watermark(START - 1);
      harness.process(early);
      harness.pass(Duration.ofMinutes(1));
      harness.watermark(START + 3 * QUARTER);
      harness.process(window(START, 100)); // with its sessions

      harness.watermark(START + QUARTER + HOUR);

      assertThat(harness.side(SeriesFunction.CLOSED))
          .filteredOn(row -> row.windowStart == START && row.windowEnd == START + QUARTER)
          .filteredOn(row -> row.metric.equals("sessions"))
          .extracting(row -> row.actual)
          .containsExactly(20.0);
    }
  }

  @Test
  void sessionsThatCloseLateAreNoHistory() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 1);
      harness.pass(Duration.ofMinutes(1));
      harness.watermark(START + DAY);
      int before = harness.processingTimers();

      for (long at = START + DAY; at < START + 2 * DAY; at += QUARTER) {
        SegmentWindow early = window(at, usual(at));
        early.sums.sessions = 0;
        harness.process(early);
        harness.watermark(at + QUARTER);
        harness.process(window(at - 2 * QUARTER, usual(at - 2 * QUARTER))); // with its sessions
      }

      assertThat(before).isZero();
      assertThat(harness.processingTimers()).isZero();
    }
  }

  @Test
  void afterARestoreItIsNotLearnedBeforeTheSourcesSayWhatTimeItIs() throws Exception {
    OperatorSubtaskState checkpoint;
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 16);
      harness.process(window(START - DAY, 100)); // history begins to come
      harness.process(window(START - DAY + QUARTER, 100));
      checkpoint = harness.checkpoint();
    }

    try (SeriesHarness harness =
        new SeriesHarness(new TenantCalendar(null), checkpoint, START + 16 * DAY)) {
      harness.pass(Duration.ofMinutes(5));
      harness.watermark(START + 16 * DAY);
      harness.pass(Duration.ofMinutes(1));
      harness.watermark(START + 16 * DAY + 2 * QUARTER);

      List<VerdictRow> live = harness.side(SeriesFunction.LIVE);
      assertThat(live).isNotEmpty();
      assertThat(live.get(live.size() - 1).state).isNotEqualTo("learning");
    }
  }

  @Test
  void silenceIsAnOutageAsSoonAsTimeHasPassedIt() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 16);
      liveUntil(harness, OUTAGE);
      int before = harness.told(EVENTS).size();

      harness.watermark(OUTAGE + 2 * QUARTER);

      assertThat(before).isZero();
      VerdictRow alarm =
          harness.verdicts().stream()
              .filter(row -> row.series.equals(EVENTS))
              .findFirst()
              .orElseThrow();
      assertThat(alarm.state).isEqualTo("anomalous");
      assertThat(alarm.windowStart).isBetween(OUTAGE, OUTAGE + QUARTER);
      assertThat(alarm.actual).isZero();
      assertThat(alarm.lower).isPositive();
      assertThat(alarm.score).isGreaterThanOrEqualTo(0.5);
      assertThat(alarm.history).isGreaterThan(16 * 96);
    }
  }

  @Test
  void whileTimeStandsStillNothingIsJudged() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, WEEKS_2);
      int judged = harness.side(SeriesFunction.CLOSED).size();

      harness.pass(Duration.ofHours(6)); // the pipeline is behind

      assertThat(harness.side(SeriesFunction.CLOSED)).hasSize(judged);
      assertThat(harness.verdicts()).isEmpty();
    }
  }

  @Test
  void nothingIsAnAlarmWhileItLearns() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 6);

      harness.watermark(START + 8 * DAY); // two days of silence

      assertThat(harness.verdicts()).isEmpty();
      assertThat(harness.side(SeriesFunction.LIVE))
          .extracting(row -> row.state)
          .containsOnly("learning");
    }
  }

  @Test
  void lateDataThatFillsTheHoleTakesTheAlarmBack() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 16);
      liveUntil(harness, OUTAGE);
      harness.watermark(OUTAGE + QUARTER);
      VerdictRow alarm = onlyNews(harness);

      harness.process(window(OUTAGE, usual(OUTAGE)));

      long hour = (OUTAGE - START) / HOUR;
      assertThat(alarm.windowStart).isEqualTo(OUTAGE);
      assertThat(harness.told(EVENTS))
          .containsExactly(
              "+I h" + hour + " anomalous r1",
              "-U h" + hour + " anomalous r1",
              "+U h" + hour + " withdrawn r2");
      VerdictRow last = harness.verdicts().get(harness.verdicts().size() - 1);
      assertThat(last.explanation).startsWith("withdrawn: late data changed ");
    }
  }

  @Test
  void historyThatComesAsAWholeIsLearnedAtOnceInAnyOrder() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      long end = START + 17 * DAY;
      harness.watermark(end);
      List<SegmentWindow> history = new ArrayList<>();
      for (long at = START; at < end; at += QUARTER) {
        if (at < OUTAGE || at >= OUTAGE + 3 * HOUR) {
          history.add(window(at, usual(at)));
        }
      }
      Collections.shuffle(history, new Random(7));

      for (SegmentWindow row : history) {
        harness.process(row);
      }
      int before = harness.verdicts().size();
      harness.pass(Duration.ofMinutes(1));

      assertThat(before).isZero();
      assertThat(harness.told(EVENTS).get(0))
          .isEqualTo("+I h" + (OUTAGE - START) / HOUR + " anomalous r1");
      assertThat(harness.told(EVENTS)).allMatch(line -> line.startsWith("+I"));
      assertThat(harness.side(SeriesFunction.LIVE))
          .extracting(row -> row.state)
          .doesNotContain("learning");
      assertThat(harness.side(SeriesFunction.FORECASTS)).isNotEmpty();
    }
  }

  @Test
  void historyOfAJudgedTimeIsNoStringOfAlarms() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, WEEKS_2);
      harness.watermark(START + 17 * DAY); // two days of silence, so an alarm
      int alarms = harness.told(EVENTS).size();

      for (long at = START + WEEKS_2 * DAY; at < START + 17 * DAY; at += QUARTER) {
        harness.process(window(at, usual(at))); // what clients had kept back
      }
      harness.pass(Duration.ofMinutes(1));

      List<String> open =
          lastStates(harness).stream().filter(line -> line.endsWith("anomalous")).toList();
      assertThat(alarms).isPositive();
      assertThat(open).isEmpty();
    }
  }

  @Test
  void goesOnFromACheckpointAsIfNothingHadHappened() throws Exception {
    List<String> straight;
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 16);
      liveUntil(harness, OUTAGE + DAY / 4);
      harness.watermark(OUTAGE + DAY);
      straight = harness.told(EVENTS);
    }
    OperatorSubtaskState checkpoint;
    List<String> told;
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 16);
      checkpoint = harness.checkpoint();
      told = new ArrayList<>(harness.told(EVENTS));
    }
    try (SeriesHarness harness =
        new SeriesHarness(new TenantCalendar(null), checkpoint, START + 16 * DAY)) {
      liveUntil(harness, OUTAGE + DAY / 4);
      harness.watermark(OUTAGE + DAY);
      told.addAll(harness.told(EVENTS));
    }

    assertThat(straight).isNotEmpty();
    assertThat(told).isEqualTo(straight);
  }

  @Test
  void whatIsExpectedIsNotJudgedAndNotLearnedWhereTheCalendarSaysSo(@TempDir Path folder)
      throws Exception {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(OUTAGE), ZoneOffset.UTC);
    Files.writeString(
        folder.resolve("acme.yaml"),
        "calendar:\n  - {name: Move, from: %s, to: %s, learn: false}\n"
            .formatted(day, day.plusDays(1)));
    try (SeriesHarness harness = new SeriesHarness(new TenantCalendar(folder), null, START)) {
      harness.live(0, 16);
      liveUntil(harness, OUTAGE);

      harness.watermark(OUTAGE + 3 * HOUR);

      assertThat(harness.verdicts()).isEmpty();
    }
  }

  @Test
  void aSegmentThatIsLetGoOrLongSilentLeavesNothing() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      harness.live(0, 2);
      int kept = harness.keyedStates();
      SegmentWindow end = window(START, 0);
      end.sums = null;
      harness.process(end);
      int afterEnd = harness.keyedStates() + harness.timers();

      harness.live(2, 4);
      harness.watermark(START + 40 * DAY);

      assertThat(kept).isPositive();
      assertThat(afterEnd).isZero();
      assertThat(harness.keyedStates()).isZero();
      assertThat(harness.timers()).isZero();
    }
  }

  @Test
  void aSegmentThatIsNotWatchedIsKeptAndLearnedWhenItIs() throws Exception {
    try (SeriesHarness harness = new SeriesHarness()) {
      for (long at = START; at < START + WEEKS_2 * DAY; at += QUARTER) {
        SegmentWindow row = window(at, usual(at));
        row.watched = false;
        harness.process(row);
        harness.watermark(at + QUARTER);
      }
      int unwatched = harness.side(SeriesFunction.LIVE).size();

      harness.live(WEEKS_2, 16);

      assertThat(unwatched).isZero();
      List<VerdictRow> live = harness.side(SeriesFunction.LIVE);
      assertThat(live.get(live.size() - 1).state).isEqualTo("normal");
    }
  }

  private static void liveUntil(SeriesHarness harness, long end) throws Exception {
    for (long at = START + 16 * DAY; at < Math.min(end, OUTAGE); at += QUARTER) {
      harness.process(window(at, usual(at)));
      harness.watermark(at + QUARTER);
    }
    if (end > OUTAGE) {
      harness.watermark(end);
    }
  }

  private static VerdictRow onlyNews(SeriesHarness harness) {
    assertThat(harness.told(EVENTS)).hasSize(1);
    return harness.verdicts().stream()
        .filter(row -> row.series.equals(EVENTS))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lastStates(SeriesHarness harness) {
    var last = new java.util.TreeMap<String, String>();
    for (VerdictRow row : harness.verdicts()) {
      if (!row.rowKind().shortString().equals("-U")) {
        last.put(row.series + row.windowStart, row.state);
      }
    }
    return last.entrySet().stream().map(one -> one.getKey() + ' ' + one.getValue()).toList();
  }
}
