package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.DimensionChange;
import io.millrace.domain.dimension.DimensionRules;
import io.millrace.domain.dimension.DimensionVersion;
import io.millrace.domain.dimension.KeptDimension;
import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/** Keeps the current version of each row, and writes what a change does to its history. */
final class HistoryFunction extends KeyedProcessFunction<String, DimensionChange, VersionChange> {
  private static final long serialVersionUID = 1L;

  /** How long it is remembered when a row was deleted, in processing time. */
  static final Duration REMEMBERED = Duration.ofDays(7);

  /** Of each row that exists; cleared 7 days after the row was deleted. */
  private transient ValueState<KeptDimension> row;

  /** Epoch ms, processing time, at which a deleted row is forgotten; cleared then, or sooner. */
  private transient ValueState<Long> forgetAt;

  private transient Counter changes;
  private transient Counter unchanged;

  @Override
  public void open(Configuration parameters) {
    row =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("row", Types.POJO(KeptDimension.class)));
    forgetAt = getRuntimeContext().getState(new ValueStateDescriptor<>("forget-at", Types.LONG));
    changes = getRuntimeContext().getMetricGroup().counter("changes_total");
    unchanged = getRuntimeContext().getMetricGroup().counter("unchanged_total");
  }

  @Override
  public void processElement(DimensionChange change, Context context, Collector<VersionChange> out)
      throws Exception {
    DimensionRules.Outcome outcome = DimensionRules.apply(row.value(), change);
    if (outcome.before() == null && outcome.after().isEmpty()) {
      unchanged.inc();
      return;
    }
    changes.inc();
    row.update(outcome.kept());
    if (outcome.kept().row == null) {
      long then = context.timerService().currentProcessingTime() + REMEMBERED.toMillis();
      forgetAt.update(then);
      context.timerService().registerProcessingTimeTimer(then);
    } else {
      forgetAt.clear();
    }
    write(change, outcome, out);
  }

  private static void write(
      DimensionChange change, DimensionRules.Outcome outcome, Collector<VersionChange> out) {
    boolean replaces = outcome.before() != null && !outcome.after().isEmpty();
    if (outcome.before() != null) {
      RowKind goes = replaces ? RowKind.UPDATE_BEFORE : RowKind.DELETE;
      out.collect(new VersionChange(change.dimension, goes, outcome.before()));
    }
    RowKind comes = replaces ? RowKind.UPDATE_AFTER : RowKind.INSERT;
    for (DimensionVersion version : outcome.after()) {
      out.collect(new VersionChange(change.dimension, comes, version));
      comes = RowKind.INSERT;
    }
  }

  @Override
  public void onTimer(long firedAt, OnTimerContext context, Collector<VersionChange> out)
      throws Exception {
    Long due = forgetAt.value();
    if (due != null && due == firedAt) { // else the row came again
      row.clear();
      forgetAt.clear();
    }
  }
}
