package io.millrace.jobs.conversions;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.MeasureRow;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RatesFunctionTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** A full hour. */
  private static final long START = 1_735_516_800_000L;

  private static final long FUNNELS_SAID = START + HOUR + RatesFunction.FUNNELS_SETTLE_MILLIS;
  private static final long GOALS_SAID = START + HOUR + RatesFunction.GOALS_SETTLE_MILLIS;

  private KeyedOneInputStreamOperatorTestHarness<String, RateChange, MeasureRow> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness(null);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void saysHowManyGotThroughAFunnelSoonAfterTheHour() throws Exception {
    step(1, START, 40);
    step(2, START + HOUR - 1, 30);
    step(3, START + HOUR - 1, 10);
    step(3, START + HOUR, 5); // of the next hour

    harness.processWatermark(FUNNELS_SAID - 1);
    assertThat(said()).isEmpty();
    harness.processWatermark(FUNNELS_SAID);

    assertThat(said()).containsExactly("funnel_rate funnel checkout 0 h 0.25 of 40 r1");
  }

  @Test
  void takesBackAStepThatIsNoneAndSaysTheHourAgain() throws Exception {
    step(1, START, 40);
    step(3, START, 10);
    harness.processWatermark(FUNNELS_SAID);
    assertThat(said()).hasSize(1);
    step(3, START, -6);
    step(1, START, 1);
    step(1, START, -1);

    harness.setProcessingTime(RatesFunction.AGAIN_AFTER_MILLIS - 1);
    assertThat(said()).isEmpty();
    harness.setProcessingTime(RatesFunction.AGAIN_AFTER_MILLIS);

    assertThat(said()).containsExactly("funnel_rate funnel checkout 0 h 0.1 of 40 r2");
    harness.processWatermark(GOALS_SAID);
    assertThat(said()).as("nothing has changed").isEmpty();
  }

  @Test
  void ofAFunnelThatWasChangedTheVersionCountsThatMoreEntered() throws Exception {
    step(1, START, 4);
    RateChange other = step("v2", 1, 30);
    process(other);
    RateChange through = step("v2", 3, 3);
    process(through);

    harness.processWatermark(FUNNELS_SAID);

    assertThat(said()).containsExactly("funnel_rate funnel checkout 0 h 0.1 of 30 r1");
  }

  @Test
  void aFunnelOfWhichTheLengthIsNotKnownHasNobodyThrough() throws Exception {
    RateChange entered = step("v1", 1, 30);
    entered.stepsInAll = 0; // was kept before the length was
    process(entered);

    harness.processWatermark(FUNNELS_SAID);

    assertThat(said()).containsExactly("funnel_rate funnel checkout 0 h 0.0 of 30 r1");
  }

  @Test
  void saysWhichShareOfSessionsReachedAGoalWhenTheyAreKnown() throws Exception {
    sessions(START, 20);
    goal("buy", START);
    goal("buy", START + 5);

    harness.processWatermark(GOALS_SAID - 1);
    assertThat(said()).isEmpty();
    harness.processWatermark(GOALS_SAID);

    assertThat(said()).containsExactly("goal_rate goal buy 0 h 0.1 of 20 r1");
    session(START, RowKind.UPDATE_BEFORE);
    session(START, RowKind.UPDATE_AFTER);
    session(START, RowKind.INSERT);
    harness.setProcessingTime(RatesFunction.AGAIN_AFTER_MILLIS);
    assertThat(said()).containsExactly("goal_rate goal buy 0 h " + 2.0 / 21 + " of 21 r2");
  }

  @Test
  void aGoalThatNobodyReachesAnyMoreIsZeroForAsLongAsItIsComparedWithAWeekBefore()
      throws Exception {
    sessions(START, 10);
    goal("buy", START);
    harness.processWatermark(GOALS_SAID);
    assertThat(said()).hasSize(1);

    List<String> zeros = new ArrayList<>();
    for (int hour = 1; hour <= 12 * 24; hour++) {
      sessions(START + hour * HOUR, 10);
      harness.processWatermark(GOALS_SAID + hour * HOUR);
      zeros.addAll(said());
    }

    assertThat(zeros).hasSize(8 * 24);
    assertThat(zeros.get(7 * 24 - 1)).isEqualTo("goal_rate goal buy 168 h 0.0 of 10 r1");
  }

  @Test
  void anHourWithoutSessionsHasNoRateAndHistoryHasNone() throws Exception {
    goal("buy", START);
    harness.processWatermark(START + HOUR + RatesFunction.KEPT_MILLIS);
    sessions(START, 10);
    goal("buy", START);

    harness.setProcessingTime(RatesFunction.AGAIN_AFTER_MILLIS);
    harness.processWatermark(START + 48 * HOUR);

    assertThat(said()).isEmpty();
  }

  @Test
  void keepsNothingButKnownGoalsADayAfterTheHour() throws Exception {
    sessions(START, 10);
    step(1, START, 4);
    goal("buy", START);
    assertThat(harness.numKeyedStateEntries()).isPositive();

    harness.processWatermark(START + HOUR + RatesFunction.KEPT_MILLIS);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    assertThat(harness.numEventTimeTimers()).isZero();
    sessions(START + 10 * 24 * HOUR, 1);
    harness.processWatermark(START + 12 * 24 * HOUR);

    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void goesOnAfterAFailure() throws Exception {
    step(1, START, 40);
    step(3, START, 10);
    sessions(START, 10);
    harness.processWatermark(FUNNELS_SAID);
    assertThat(said()).hasSize(1);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();

    harness = harness(state);
    step(3, START, 10);
    harness.processWatermark(GOALS_SAID);
    harness.setProcessingTime(RatesFunction.AGAIN_AFTER_MILLIS);

    assertThat(said()).containsExactly("funnel_rate funnel checkout 0 h 0.5 of 40 r2");
  }

  @Test
  void takesWhatTheJobCounts() {
    FunnelStep step = new FunnelStep();
    step.tenant = "shop";
    step.funnel = "checkout";
    step.version = "v1";
    step.step = 3;
    step.stepsInAll = 3;
    step.occurredAt = START + 61_000;
    Conversion conversion = new Conversion();
    conversion.tenant = "shop";
    conversion.goal = "buy";
    conversion.version = "v1";
    conversion.occurredAt = START;

    RateChange through = RateChange.of(HotCount.of(step, -1));
    RateChange reached = RateChange.of(HotCount.of(conversion));

    assertThat(through)
        .extracting(c -> c.tenant, c -> c.name, c -> c.version, c -> c.step, c -> c.stepsInAll)
        .containsExactly("shop", "checkout", "v1", 3, 3);
    assertThat(through.at).isEqualTo(START + 60_000);
    assertThat(through.times).isEqualTo(-1);
    assertThat(reached)
        .extracting(c -> c.name, c -> c.step, c -> c.stepsInAll, c -> c.times)
        .containsExactly("buy", 0, 0, 1L);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, RateChange, MeasureRow> harness(
      OperatorSubtaskState restored) throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, RateChange, MeasureRow> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new RatesFunction()), change -> change.tenant, Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(MeasureRow.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private void process(RateChange change) throws Exception {
    harness.processElement(new StreamRecord<>(change));
  }

  private void step(int number, long at, int times) throws Exception {
    RateChange change = step("v1", number, times);
    change.at = at;
    process(change);
  }

  private static RateChange step(String version, int number, int times) {
    RateChange change = new RateChange();
    change.tenant = "shop";
    change.at = START;
    change.name = "checkout";
    change.version = version;
    change.step = number;
    change.stepsInAll = 3;
    change.times = times;
    return change;
  }

  private void goal(String name, long at) throws Exception {
    RateChange change = new RateChange();
    change.tenant = "shop";
    change.at = at;
    change.name = name;
    change.version = "v1";
    change.times = 1;
    process(change);
  }

  private void sessions(long at, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      session(at + i, RowKind.INSERT);
    }
  }

  private void session(long at, RowKind kind) throws Exception {
    Session session = new Session();
    session.tenant = "shop";
    session.startedAt = at;
    process(RateChange.of(new SessionChange(kind, session)));
  }

  private List<String> said() {
    List<String> lines = new ArrayList<>();
    for (MeasureRow row : harness.extractOutputValues()) {
      assertThat(row.tenant).isEqualTo("shop");
      assertThat(row.windowEnd).isEqualTo(row.windowStart + HOUR);
      lines.add(
          row.metric
              + ' '
              + row.grouping
              + ' '
              + row.value
              + ' '
              + (row.windowStart - START) / HOUR
              + " h "
              + row.actual
              + " of "
              + row.sampleSize
              + " r"
              + row.revision);
    }
    harness.getOutput().clear();
    return lines;
  }
}
