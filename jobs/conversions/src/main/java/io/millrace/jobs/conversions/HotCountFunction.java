package io.millrace.jobs.conversions;

import io.millrace.domain.metric.MetricRules;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Adds up how often a goal or step was reached in a minute, and shows it with every change. */
final class HotCountFunction extends KeyedProcessFunction<String, HotCount, HotCount> {
  private static final long serialVersionUID = 1L;

  private transient ValueState<HotCount> counts;

  @Override
  public void open(OpenContext context) {
    // Cleared when the hot store no longer keeps the minute.
    counts =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("count", Types.POJO(HotCount.class)));
  }

  @Override
  public void processElement(HotCount change, Context context, Collector<HotCount> out)
      throws Exception {
    long now = context.timerService().currentProcessingTime();
    long forgottenAt = change.minute + MetricRules.HOT_KEPT.toMillis();
    if (forgottenAt <= now) {
      return; // too old for the hot store; the lake has it
    }

    HotCount count = counts.value();
    if (count == null) {
      count = change.copy();
      context.timerService().registerProcessingTimeTimer(forgottenAt);
    } else {
      count = count.copy(); // a backend that keeps objects must not share what was sent on
      count.add(change);
    }
    // As of minutes of metrics: what a restored job repeats is newer than what the failed one said.
    count.changes = Math.max(count.changes + 1, now);
    counts.update(count);
    out.collect(count);
  }

  @Override
  public void onTimer(long at, OnTimerContext context, Collector<HotCount> out) {
    counts.clear();
  }
}
