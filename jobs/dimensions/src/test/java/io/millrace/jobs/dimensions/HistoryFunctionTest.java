package io.millrace.jobs.dimensions;

import static io.millrace.domain.dimension.DimensionChange.Kind.DELETED;
import static io.millrace.domain.dimension.DimensionChange.Kind.FOUND;
import static io.millrace.domain.dimension.DimensionChange.Kind.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionChange;
import io.millrace.domain.dimension.DimensionRow;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryFunctionTest {
  private static final long NOW = Duration.ofDays(20_000).toMillis();

  private KeyedOneInputStreamOperatorTestHarness<String, DimensionChange, VersionChange> history;

  @BeforeEach
  void open() throws Exception {
    history = harness();
    history.open();
    history.setProcessingTime(NOW);
  }

  @AfterEach
  void close() throws Exception {
    history.close();
  }

  @Test
  void writesAChangelogWithTheRowsAsTheyWere() throws Exception {
    process(change(WRITTEN, 10, "a"));
    process(change(WRITTEN, 20, "b"));
    process(change(WRITTEN, 20, "c"));
    process(change(DELETED, 30, null));

    assertThat(output(history))
        .containsExactly(
            "+I a [10, )",
            "-U a [10, )",
            "+U a [10, 20)",
            "+I b [20, )",
            "-U b [20, )",
            "+U c [20, )",
            "-U c [20, )",
            "+U c [20, 30)");
  }

  @Test
  void takesBackARowThatLivedForNoTime() throws Exception {
    process(change(WRITTEN, 10, "a"));
    process(change(DELETED, 10, null));

    assertThat(output(history)).containsExactly("+I a [10, )", "-D a [10, )");
  }

  @Test
  void writesNothingForARowThatIsFoundAgainAfterARestart() throws Exception {
    process(change(WRITTEN, 10, "a"));
    OperatorSubtaskState state = history.snapshot(1, NOW);

    try (var restored = harness()) {
      restored.initializeState(state);
      restored.open();
      restored.processElement(new StreamRecord<>(change(FOUND, 50, "a")));

      assertThat(output(restored)).isEmpty();
    }
  }

  @Test
  void keepsARowAsLongAsItExists() throws Exception {
    process(change(WRITTEN, 10, "a"));

    history.setProcessingTime(NOW + Duration.ofDays(4_000).toMillis());
    process(change(WRITTEN, 20, "a"));

    assertThat(output(history)).containsExactly("+I a [10, )");
    assertThat(history.numProcessingTimeTimers()).isZero();
  }

  @Test
  void forgetsADeletedRowAfterAWeek() throws Exception {
    process(change(WRITTEN, 10, "a"));
    process(change(DELETED, 20, null));
    long week = HistoryFunction.REMEMBERED.toMillis();

    history.setProcessingTime(NOW + week - 1);
    assertThat(history.numKeyedStateEntries()).isEqualTo(2);

    history.setProcessingTime(NOW + week);
    assertThat(history.numKeyedStateEntries()).isZero();
    assertThat(history.numProcessingTimeTimers()).isZero();
  }

  @Test
  void keepsARowThatCameAgainBeforeItWasForgotten() throws Exception {
    process(change(WRITTEN, 10, "a"));
    process(change(DELETED, 20, null));
    process(change(WRITTEN, 15, "b"));

    history.setProcessingTime(NOW + HistoryFunction.REMEMBERED.toMillis());

    assertThat(history.numKeyedStateEntries()).isEqualTo(1);
    assertThat(output(history)).endsWith("+I b [20, )");
  }

  private void process(DimensionChange change) throws Exception {
    history.processElement(new StreamRecord<>(change));
  }

  private static List<String> output(
      KeyedOneInputStreamOperatorTestHarness<String, DimensionChange, VersionChange> harness) {
    return harness.extractOutputValues().stream()
        .map(
            c ->
                String.format(
                    "%s %s [%d, %s)",
                    c.rowKind().shortString(),
                    c.version.row.title,
                    c.version.validFrom,
                    c.version.validTo == null ? "" : c.version.validTo))
        .toList();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, DimensionChange, VersionChange>
      harness() throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, DimensionChange, VersionChange> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new HistoryFunction()), DimensionChange::key, Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(VersionChange.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    return harness;
  }

  private static DimensionChange change(DimensionChange.Kind kind, long at, String title) {
    DimensionChange change = new DimensionChange();
    change.dimension = Dimension.LINKS;
    change.kind = kind;
    change.at = at;
    change.row = new DimensionRow();
    change.row.tenant = "shop";
    change.row.id = "l1";
    change.row.title = title;
    return change;
  }
}
