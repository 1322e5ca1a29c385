package io.millrace.jobs.anomalies;

import static io.millrace.jobs.anomalies.ExplainHarness.DAY;
import static io.millrace.jobs.anomalies.ExplainHarness.QUARTER;
import static io.millrace.jobs.anomalies.ExplainHarness.USUAL;
import static io.millrace.jobs.anomalies.ExplainHarness.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainFunctionTest {
  private static final long NOW = 4 * DAY + 10 * 4 * QUARTER;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final Map<String, Long> WITHOUT_DE = Map.of("DE", 3L, "FR", 62L, "US", 55L);

  private ExplainHarness explain;

  @BeforeEach
  void open() throws Exception {
    explain = new ExplainHarness();
    explain.clock(NOW);
  }

  @AfterEach
  void close() throws Exception {
    explain.close();
  }

  @Test
  void saysWhichSegmentExplainsAnAnomalyAndHowMuchOfIt() throws Exception {
    explain.usual(0, NOW);
    explain.window(NOW, WITHOUT_DE);

    explain.verdict(row(NOW, QUARTER, "anomalous", 120, 410));
    explain.watermark(NOW + QUARTER);

    VerdictRow verdict = explain.last();
    assertThat(verdict.explanation)
        .isEqualTo(
            "page_views is 120, expected 410 (328 to 492), -71 %;"
                + " country=DE explains 102 % of the change (3 of 300 expected)");
    assertThat(verdict.segments)
        .isEqualTo(
            "[{\"grouping\":\"country\",\"value\":\"DE\",\"share\":1.02,"
                + "\"actual\":3.0,\"expected\":300.0}]");
    assertThat(verdict.severity).isEqualTo("warning");
    assertThat(verdict.fault).isNull();
  }

  @Test
  void anOutageOfAllIsEverywhereAndCritical() throws Exception {
    explain.usual(0, NOW);

    explain.verdict(row(NOW, QUARTER, "anomalous", 0, 410));
    explain.watermark(NOW + QUARTER);

    assertThat(explain.last().explanation)
        .isEqualTo(
            "page_views is 0, expected 410 (328 to 492), -100 %;"
                + " everywhere alike, no segment stands out");
    assertThat(explain.last().segments).isNull();
    assertThat(explain.last().severity).isEqualTo("critical");
  }

  @Test
  void holdsAVerdictUntilBothInputsHavePassedItsWindow() throws Exception {
    explain.usual(0, NOW);
    explain.watermarkOfVerdicts(NOW + QUARTER - 1);
    explain.verdict(row(NOW, QUARTER, "anomalous", 120, 410));
    explain.watermarkOfVerdicts(NOW + QUARTER);
    assertThat(explain.output()).isEmpty();

    explain.window(NOW, WITHOUT_DE);
    explain.watermarkOfSegments(NOW + QUARTER);

    assertThat(explain.last().explanation).contains("country=DE");
  }

  @Test
  void passesEveryRowOnInOrder() throws Exception {
    VerdictRow before = row(NOW, QUARTER, "normal", 1, 1);
    before.kind = RowKind.UPDATE_BEFORE.toByteValue();
    before.state = null;
    explain.watermark(NOW + QUARTER);

    explain.verdict(row(NOW + QUARTER, QUARTER, "normal", 2, 2));
    explain.verdict(before);
    explain.verdict(row(NOW, QUARTER, "normal", 3, 3));
    explain.verdict(row(NOW + QUARTER, QUARTER, "learning", 4, 4));
    explain.watermark(NOW + 2 * QUARTER);
    explain.verdict(row(NOW, QUARTER, "recovered", 5, 5));

    assertThat(explain.output())
        .extracting(row -> row.actual)
        .containsExactly(2.0, 1.0, 3.0, 4.0, 5.0);
    assertThat(explain.output()).extracting(row -> row.severity).containsOnlyNulls();
    assertThat(explain.stateEntries()).isZero();
    assertThat(explain.timers()).isZero();
  }

  @Test
  void anHourIsExplainedByItsFourQuarters() throws Exception {
    explain.usual(0, NOW);
    for (int i = 0; i < 4; i++) {
      explain.window(NOW + i * QUARTER, WITHOUT_DE);
    }

    explain.verdict(row(NOW, 4 * QUARTER, "anomalous", 480, 1640));
    explain.watermark(NOW + 4 * QUARTER);

    assertThat(explain.last().explanation)
        .endsWith("country=DE explains 102 % of the change (12 of 1200 expected)");
  }

  @Test
  void aMinuteIsExplainedByItsQuarterSoFar() throws Exception {
    explain.usual(0, NOW);
    explain.window(NOW, Map.of("DE", 1L, "FR", 20L, "US", 17L));

    explain.verdict(row(NOW + 4 * MINUTE, MINUTE, "anomalous", 8, 27.33));
    explain.watermark(NOW + 5 * MINUTE);

    assertThat(explain.last().explanation).endsWith("(1 of 100 expected)");
  }

  @Test
  void lateDataChangesTheExplanationOfAVerdictThatComesAgain() throws Exception {
    explain.usual(0, NOW);
    explain.window(NOW, WITHOUT_DE);
    explain.verdict(row(NOW, QUARTER, "anomalous", 120, 410));
    explain.usual(NOW + QUARTER, NOW + 3 * QUARTER);

    explain.window(NOW, Map.of("DE", 300L, "FR", 2L, "US", 1L));
    VerdictRow again = row(NOW, QUARTER, "anomalous", 303, 410);
    again.kind = RowKind.UPDATE_AFTER.toByteValue();
    explain.verdict(again);

    assertThat(explain.last().explanation)
        .endsWith(
            "country=FR explains 54 % of the change (2 of 60 expected), country=US 46 % (1 of 50 expected)");
  }

  @Test
  void rowsThatFollowInAnEventHaveNoLessSeverityAndNoSegments() throws Exception {
    explain.usual(0, NOW);
    explain.verdict(row(NOW, QUARTER, "anomalous", 0, 410));
    VerdictRow second = row(NOW + QUARTER, QUARTER, "anomalous", 350, 410);
    second.score = 0.1;
    VerdictRow over = row(NOW + 2 * QUARTER, QUARTER, "recovered", 410, 410);
    VerdictRow another = row(NOW + 3 * QUARTER, QUARTER, "anomalous", 350, 410);
    another.score = 0.1;

    explain.verdict(second);
    explain.verdict(over);
    explain.verdict(another);
    explain.watermark(NOW + 4 * QUARTER);

    assertThat(explain.output())
        .extracting(row -> row.severity)
        .containsExactly("critical", "critical", null, "notice");
    assertThat(explain.output().get(1).explanation)
        .isEqualTo("page_views is 350, expected 410 (328 to 492), -15 %");
    assertThat(explain.output().get(1).segments).isNull();
  }

  @Test
  void suspectsThePipelineWhereAWindowWasClosedLate() throws Exception {
    explain.usual(0, NOW);

    VerdictRow row = row(NOW, QUARTER, "anomalous", 0, 410);
    row.behindMillis = 40 * MINUTE;
    explain.verdict(row);
    explain.watermark(NOW + QUARTER);

    assertThat(explain.last().fault).isEqualTo("pipeline_behind");
    assertThat(explain.last().explanation)
        .endsWith("the pipeline was behind: the window was closed 40 min after its end");
  }

  @Test
  void historyThatComesAsAWholeSaysWhatIsUsual() throws Exception {
    long today = 20 * DAY + NOW;
    explain.clock(today);
    explain.watermark(today + QUARTER);
    for (long start = today - QUARTER; start >= today - 16 * DAY; start -= QUARTER) {
      explain.window(start, USUAL);
    }
    explain.window(today, WITHOUT_DE);

    VerdictRow row = row(today, QUARTER, "anomalous", 120, 410);
    row.behindMillis = VerdictRow.NOT_LIVE;
    explain.verdict(row);

    assertThat(explain.last().explanation)
        .endsWith("country=DE explains 102 % of the change (3 of 300 expected)");
    assertThat(explain.last().fault).isNull();
  }

  @Test
  void whatWasAnomalousDoesNotBecomeUsual() throws Exception {
    explain.usual(0, NOW);
    for (long start = NOW; start < NOW + 2 * DAY; start += QUARTER) {
      explain.window(start, WITHOUT_DE);
      VerdictRow row = row(start, QUARTER, "anomalous", 120, 410);
      row.score = start == NOW ? 0.7 : 0.1;
      explain.verdict(row);
      explain.watermark(start + QUARTER);
    }

    explain.usual(NOW + 2 * DAY, NOW + 4 * DAY);
    explain.window(NOW + 4 * DAY, WITHOUT_DE);
    explain.verdict(row(NOW + 4 * DAY, QUARTER, "anomalous", 120, 410));
    explain.watermark(NOW + 4 * DAY + QUARTER);

    assertThat(explain.last().explanation).endsWith("(3 of 300 expected)");
  }

  @Test
  void saysNothingOfSegmentsBeforeItKnowsWhatIsUsual() throws Exception {
    explain.usual(0, 4 * QUARTER);
    explain.window(4 * QUARTER, WITHOUT_DE);

    explain.verdict(row(4 * QUARTER, QUARTER, "anomalous", 120, 410));
    explain.watermark(5 * QUARTER);

    assertThat(explain.last().explanation)
        .isEqualTo("page_views is 120, expected 410 (328 to 492), -71 %");
    assertThat(explain.last().severity).isEqualTo("warning");
  }

  @Test
  void remembersALimitedNumberOfValuesTheLargest() throws Exception {
    for (int i = 0; i < 2 * ExplainFunction.MOST_VALUES; i++) {
      explain.segment(0, "page", "/" + i, 1000 - i);
    }
    assertThat(explain.pages()).hasSize(ExplainFunction.MOST_VALUES);

    explain.watermark(ExplainFunction.FOLD_EVERY_MILLIS);

    assertThat(explain.pages())
        .hasSize(ExplainFunction.VALUES_KEPT)
        .contains("page|0|/0", "page|0|/149");
    explain.segment(QUARTER, "page", "/new", 5);
    assertThat(explain.pages()).contains("page|0|/new");
  }

  @Test
  void windowsOfLongAgoAreNotRemembered() throws Exception {
    explain.watermark(NOW);

    explain.window(NOW - 22 * DAY, USUAL);

    assertThat(explain.stateEntries()).isZero();
    assertThat(explain.timers()).isZero();
  }

  @Test
  void leavesNoStateWhenNothingIsSeenOrWrongForThreeWeeks() throws Exception {
    explain.usual(0, DAY);
    explain.verdict(row(DAY, QUARTER, "anomalous", 0, 410));
    explain.watermark(DAY + QUARTER);
    assertThat(explain.stateEntries()).isPositive();

    explain.watermark(DAY + ExplainFunction.SEGMENT_KEPT.toMillis() - QUARTER);
    assertThat(explain.stateEntries()).isPositive();
    explain.watermark(
        DAY + ExplainFunction.SEGMENT_KEPT.toMillis() + 2 * ExplainFunction.FOLD_EVERY_MILLIS);

    assertThat(explain.stateEntries()).isZero();
    assertThat(explain.timers()).isZero();
  }

  @Test
  void anEventOfWhichNothingMoreIsHeardIsForgotten() throws Exception {
    explain.verdict(row(0, QUARTER, "anomalous", 0, 410));
    explain.watermark(QUARTER);
    assertThat(explain.stateEntries()).isPositive();

    explain.watermark(
        ExplainFunction.EVENT_KEPT.toMillis() + 2 * ExplainFunction.FOLD_EVERY_MILLIS);

    assertThat(explain.stateEntries()).isZero();
    assertThat(explain.timers()).isZero();
  }

  @Test
  void goesOnFromACheckpointAsIfNothingHadHappened() throws Exception {
    explain.usual(0, NOW);
    explain.window(NOW, WITHOUT_DE);
    explain.verdict(row(NOW, QUARTER, "anomalous", 120, 410));
    OperatorSubtaskState checkpoint = explain.checkpoint();

    try (ExplainHarness restored = new ExplainHarness(checkpoint)) {
      restored.watermark(NOW + QUARTER);

      assertThat(restored.last().explanation).endsWith("(3 of 300 expected)");
    }
  }
}
