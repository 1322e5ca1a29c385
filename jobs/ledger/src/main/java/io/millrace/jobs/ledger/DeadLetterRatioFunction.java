package io.millrace.jobs.ledger;

import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.RateRules;
import io.millrace.domain.ledger.LedgerRules;
import io.millrace.domain.ledger.LedgerStage;
import io.millrace.jobs.kit.MeasureRow;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * Says of each {@link RateRules#DEAD_LETTER_WINDOW} of arrival which share of a tenant's events
 * became dead letters; one key is one window. A window of which more becomes known later is said
 * again with a higher revision.
 */
final class DeadLetterRatioFunction extends KeyedProcessFunction<String, LedgerChange, MeasureRow> {
  private static final long serialVersionUID = 1L;
  private static final long WINDOW_MILLIS = RateRules.DEAD_LETTER_WINDOW.toMillis();

  /** What arrived longer ago is history, and nobody is alerted of it. */
  static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

  private transient MapState<String, Long> counts;
  private transient ValueState<MeasureRow> told;

  static String key(LedgerChange change) {
    return change.tenant + '|' + windowStart(change.minute);
  }

  private static long windowStart(long minute) {
    return Math.floorDiv(minute, WINDOW_MILLIS) * WINDOW_MILLIS;
  }

  @Override
  public void open(OpenContext context) {
    // Cleared a day after the window.
    counts =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("counts", Types.STRING, Types.LONG));
    // Cleared a day after the window.
    told =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("told", Types.POJO(MeasureRow.class)));
  }

  @Override
  public void processElement(LedgerChange change, Context context, Collector<MeasureRow> out)
      throws Exception {
    long start = windowStart(change.minute);
    long arrivedUpTo = context.timerService().currentWatermark();
    if (change.rowKind() == RowKind.UPDATE_BEFORE
        || start + WINDOW_MILLIS + KEPT_MILLIS <= arrivedUpTo) {
      return;
    }
    counts.put(change.stage + '|' + change.minute, change.events);
    context.timerService().registerEventTimeTimer(completeAt(start));
    context.timerService().registerEventTimeTimer(start + WINDOW_MILLIS + KEPT_MILLIS);
  }

  /** When the window's last minute is complete. */
  private static long completeAt(long start) {
    return LedgerRules.completeAt(start + WINDOW_MILLIS - LedgerRules.MINUTE_MS);
  }

  @Override
  public void onTimer(long at, OnTimerContext context, Collector<MeasureRow> out) throws Exception {
    String key = context.getCurrentKey();
    int separator = key.lastIndexOf('|');
    long start = Long.parseLong(key.substring(separator + 1));
    if (at == completeAt(start)) {
      tell(key.substring(0, separator), start, out);
    } else {
      counts.clear();
      told.clear();
    }
  }

  private void tell(String tenant, long start, Collector<MeasureRow> out) throws Exception {
    Map<LedgerStage, Long> sums = new EnumMap<>(LedgerStage.class);
    for (Map.Entry<String, Long> count : counts.entries()) {
      String stage = count.getKey().substring(0, count.getKey().lastIndexOf('|'));
      sums.merge(LedgerStage.labelled(stage), count.getValue(), Long::sum);
    }
    long refused = sums.getOrDefault(LedgerStage.REFUSED, 0L);
    long events =
        sums.getOrDefault(LedgerStage.RECEIVED, 0L)
            - sums.getOrDefault(LedgerStage.HEARTBEAT, 0L)
            + refused;
    long deadLetters = sums.getOrDefault(LedgerStage.DEAD_LETTER, 0L) + refused;
    double ratio = RateRules.deadLetterRatio(events, deadLetters);
    MeasureRow before = told.value();
    boolean isSaid = before != null && before.actual == ratio && before.sampleSize == events;
    if (Double.isNaN(ratio) || isSaid) {
      return;
    }

    MeasureRow row = new MeasureRow();
    row.tenant = tenant;
    row.metric = MeasureFact.DEAD_LETTER_RATIO;
    row.grouping = "all";
    row.value = "all";
    row.windowStart = start;
    row.windowEnd = start + WINDOW_MILLIS;
    row.actual = ratio;
    row.sampleSize = events;
    row.revision = before == null ? 1 : before.revision + 1;
    told.update(row);
    out.collect(row);
  }
}
