package io.millrace.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.domain.alert.RateRules;
import io.millrace.domain.ledger.LedgerRules;
import io.millrace.domain.ledger.LedgerStage;
import io.millrace.jobs.kit.MeasureRow;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterRatioFunctionTest {
  private static final long WINDOW = RateRules.DEAD_LETTER_WINDOW.toMillis();

  /** Start of a window. */
  private static final long START = 1_735_516_800_000L;

  private static final long COMPLETE =
      LedgerRules.completeAt(START + WINDOW - LedgerRules.MINUTE_MS);

  private KeyedOneInputStreamOperatorTestHarness<String, LedgerChange, MeasureRow> harness;

  @BeforeEach
  void open() throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new DeadLetterRatioFunction()),
            DeadLetterRatioFunction::key,
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(MeasureRow.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void saysTheShareOfDeadLettersAndRefusedOnesWhenTheWindowIsComplete() throws Exception {
    count(LedgerStage.RECEIVED, 0, 100);
    count(LedgerStage.HEARTBEAT, 0, 30);
    count(LedgerStage.STORED, 0, 66);
    count(LedgerStage.DEAD_LETTER, 0, 4);
    count(LedgerStage.RECEIVED, 4, 20);
    count(LedgerStage.REFUSED, 4, 10);
    count(LedgerStage.RECEIVED, 5, 1_000); // of the next window

    harness.processWatermark(COMPLETE - 1);
    assertThat(harness.extractOutputValues()).isEmpty();
    harness.processWatermark(COMPLETE);

    MeasureRow row = said().get(0);
    assertThat(row)
        .extracting(r -> r.tenant, r -> r.metric, r -> r.grouping, r -> r.value)
        .containsExactly("shop", "dead_letter_ratio", "all", "all");
    assertThat(row)
        .extracting(r -> r.windowStart, r -> r.windowEnd, r -> r.actual, r -> r.sampleSize)
        .containsExactly(START, START + WINDOW, 0.14, 100L);
    assertThat(row.revision).isEqualTo(1);
  }

  @Test
  void aMinuteThatIsRestatedReplacesWhatItSaidBefore() throws Exception {
    count(LedgerStage.RECEIVED, 0, 10);
    harness.processWatermark(COMPLETE);
    assertThat(said()).extracting(row -> row.actual).containsExactly(0.0);
    harness.processElement(
        new StreamRecord<>(change(RowKind.UPDATE_BEFORE, LedgerStage.RECEIVED, 0, 10)));
    harness.processElement(
        new StreamRecord<>(change(RowKind.UPDATE_AFTER, LedgerStage.RECEIVED, 0, 20)));
    count(LedgerStage.DEAD_LETTER, 0, 10);

    harness.processWatermark(COMPLETE + 1);

    assertThat(said())
        .extracting(row -> row.actual, row -> row.sampleSize, row -> row.revision)
        .containsExactly(tuple(0.5, 20L, 2));
    harness.processWatermark(COMPLETE + 2);
    assertThat(said()).isEmpty();
  }

  @Test
  void nothingIsSaidOfHeartbeatsAloneOrOfLongAgo() throws Exception {
    count(LedgerStage.RECEIVED, 0, 3);
    count(LedgerStage.HEARTBEAT, 0, 3);
    harness.processWatermark(COMPLETE);
    harness.processWatermark(START + WINDOW + DeadLetterRatioFunction.KEPT_MILLIS);

    count(LedgerStage.RECEIVED, 1, 100);
    harness.processWatermark(START + 2 * DeadLetterRatioFunction.KEPT_MILLIS);

    assertThat(said()).isEmpty();
  }

  @Test
  void keepsNothingADayAfterTheWindow() throws Exception {
    count(LedgerStage.RECEIVED, 0, 100);
    harness.processWatermark(COMPLETE);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);

    harness.processWatermark(START + WINDOW + DeadLetterRatioFunction.KEPT_MILLIS);

    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  private void count(LedgerStage stage, int minute, long events) throws Exception {
    harness.processElement(new StreamRecord<>(change(RowKind.INSERT, stage, minute, events)));
  }

  private static LedgerChange change(RowKind kind, LedgerStage stage, int minute, long events) {
    LedgerChange change = new LedgerChange();
    change.kind = kind.toByteValue();
    change.tenant = "shop";
    change.minute = START + minute * LedgerRules.MINUTE_MS;
    change.stage = stage.label();
    change.events = events;
    change.revision = 1;
    return change;
  }

  private List<MeasureRow> said() {
    List<MeasureRow> rows = harness.extractOutputValues();
    harness.getOutput().clear();
    return rows;
  }
}
