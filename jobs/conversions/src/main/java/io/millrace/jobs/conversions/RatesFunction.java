package io.millrace.jobs.conversions;

import io.millrace.domain.alert.MeasureFact;
import io.millrace.domain.alert.RateRules;
import io.millrace.jobs.kit.MeasureRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Says of each hour how many sessions reached each goal and how many got through each funnel; by
 * tenant. An hour of which more becomes known later is said again with a higher revision.
 *
 * <p>A goal that nobody reaches any more is a rate of 0 for as long as somebody might compare it
 * with a week before.
 */
final class RatesFunction extends KeyedProcessFunction<String, RateChange, MeasureRow> {
  private static final long serialVersionUID = 1L;
  private static final long HOUR_MILLIS = RateCount.HOUR_MILLIS;

  /** Steps come when their checkpoint is complete. */
  static final long FUNNELS_SETTLE_MILLIS = Duration.ofMinutes(2).toMillis();

  /** A session is known when it has been over for half an hour. */
  static final long GOALS_SETTLE_MILLIS = Duration.ofHours(1).toMillis();

  /** What happened longer ago is history, and nobody is alerted of it. */
  static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

  private static final long GOALS_KNOWN_MILLIS = Duration.ofDays(8).toMillis();

  /** How long corrections are gathered before an hour is said again, in processing time. */
  static final long AGAIN_AFTER_MILLIS = Duration.ofSeconds(10).toMillis();

  private transient MapState<Long, Long> sessions;
  private transient MapState<String, RateCount> counts;
  private transient MapState<String, Long> goals;
  private transient MapState<String, MeasureRow> told;
  private transient ValueState<Long> again;

  @Override
  public void open(OpenContext context) {
    // An entry is cleared a day after its hour.
    sessions =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("sessions", Types.LONG, Types.LONG));
    // An entry is cleared a day after its hour.
    counts =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("counts", Types.STRING, Types.POJO(RateCount.class)));
    // An entry is cleared eight days after the goal was reached last.
    goals =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("goals", Types.STRING, Types.LONG));
    // An entry is cleared a day after its hour.
    told =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("told", Types.STRING, Types.POJO(MeasureRow.class)));
    // Cleared when the timer fires that it is the time of.
    again = getRuntimeContext().getState(new ValueStateDescriptor<>("again", Types.LONG));
  }

  @Override
  public void processElement(RateChange change, Context context, Collector<MeasureRow> out)
      throws Exception {
    long hour = RateCount.hour(change.at);
    long end = hour + HOUR_MILLIS;
    long watermark = context.timerService().currentWatermark();
    if (end + KEPT_MILLIS <= watermark) {
      return;
    }
    if (change.name == null) {
      Long before = sessions.get(hour);
      sessions.put(hour, (before == null ? 0 : before) + change.times);
    } else {
      count(change, hour);
    }

    context.timerService().registerEventTimeTimer(end + FUNNELS_SETTLE_MILLIS);
    context.timerService().registerEventTimeTimer(end + GOALS_SETTLE_MILLIS);
    context.timerService().registerEventTimeTimer(end + KEPT_MILLIS);
    if (end + FUNNELS_SETTLE_MILLIS <= watermark && again.value() == null) {
      long at = context.timerService().currentProcessingTime() + AGAIN_AFTER_MILLIS;
      context.timerService().registerProcessingTimeTimer(at);
      again.update(at);
    }
  }

  private void count(RateChange change, long hour) throws Exception {
    String key = RateCount.key(change);
    RateCount count = counts.get(key);
    if (count == null) {
      count = RateCount.of(change);
    }
    count.add(change);
    counts.put(key, count);
    if (!count.funnel) {
      Long before = goals.get(change.name);
      goals.put(change.name, before == null ? hour : Math.max(before, hour));
    }
  }

  @Override
  public void onTimer(long at, OnTimerContext context, Collector<MeasureRow> out) throws Exception {
    String tenant = context.getCurrentKey();
    if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
      again.clear();
      tellAgain(tenant, context.timerService().currentWatermark(), out);
    } else if (at % HOUR_MILLIS == 0) {
      tellGoals(tenant, at - GOALS_SETTLE_MILLIS - HOUR_MILLIS, out);
      forget(at - KEPT_MILLIS - HOUR_MILLIS);
    } else {
      tellFunnels(tenant, at - FUNNELS_SETTLE_MILLIS - HOUR_MILLIS, out);
    }
  }

  private void tellAgain(String tenant, long watermark, Collector<MeasureRow> out)
      throws Exception {
    TreeSet<Long> hours = new TreeSet<>();
    sessions.keys().forEach(hours::add);
    counts.values().forEach(count -> hours.add(count.hour));
    for (Long hour : hours) {
      if (hour + HOUR_MILLIS + FUNNELS_SETTLE_MILLIS <= watermark) {
        tellFunnels(tenant, hour, out);
      }
      if (hour + HOUR_MILLIS + GOALS_SETTLE_MILLIS <= watermark) {
        tellGoals(tenant, hour, out);
      }
    }
  }

  /** Of a funnel whose definition changed in the hour, the version that more people entered. */
  private void tellFunnels(String tenant, long hour, Collector<MeasureRow> out) throws Exception {
    Map<String, RateCount> funnels = new HashMap<>();
    for (RateCount count : counts.values()) {
      if (count.funnel && count.hour == hour) {
        funnels.merge(
            count.name, count, (one, other) -> one.entered >= other.entered ? one : other);
      }
    }
    for (RateCount funnel : funnels.values()) {
      MeasureRow row = row(tenant, MeasureFact.FUNNEL_RATE, hour);
      row.grouping = "funnel";
      row.value = funnel.name;
      row.actual = RateRules.funnelRate(funnel.entered, funnel.through);
      row.sampleSize = funnel.entered;
      tell(row, out);
    }
  }

  private void tellGoals(String tenant, long hour, Collector<MeasureRow> out) throws Exception {
    Long begun = sessions.get(hour);
    if (begun == null) {
      return;
    }
    Map<String, Long> reached = new TreeMap<>();
    for (Map.Entry<String, Long> goal : goals.entries()) {
      if (goal.getValue() + GOALS_KNOWN_MILLIS >= hour) {
        reached.put(goal.getKey(), 0L);
      }
    }
    for (RateCount count : counts.values()) {
      if (!count.funnel && count.hour == hour) {
        reached.merge(count.name, count.through, Long::sum);
      }
    }
    for (Map.Entry<String, Long> goal : reached.entrySet()) {
      MeasureRow row = row(tenant, MeasureFact.GOAL_RATE, hour);
      row.grouping = "goal";
      row.value = goal.getKey();
      row.actual = RateRules.goalRate(begun, goal.getValue());
      row.sampleSize = begun;
      tell(row, out);
    }
  }

  private static MeasureRow row(String tenant, String metric, long hour) {
    MeasureRow row = new MeasureRow();
    row.tenant = tenant;
    row.metric = metric;
    row.windowStart = hour;
    row.windowEnd = hour + HOUR_MILLIS;
    row.revision = 1;
    return row;
  }

  /** Says it unless there is no rate, or the same was said before. */
  private void tell(MeasureRow row, Collector<MeasureRow> out) throws Exception {
    String key = row.metric + '|' + row.value + '|' + row.windowStart;
    MeasureRow before = told.get(key);
    boolean isSaid =
        before != null && before.actual == row.actual && before.sampleSize == row.sampleSize;
    if (Double.isNaN(row.actual) || isSaid) {
      return;
    }
    if (before != null) {
      row.revision = before.revision + 1;
    }
    told.put(key, row);
    out.collect(row);
  }

  private void forget(long hour) throws Exception {
    sessions.remove(hour);
    removeIf(counts, count -> count.hour == hour);
    removeIf(told, row -> row.windowStart == hour);
    removeIf(goals, last -> last + GOALS_KNOWN_MILLIS < hour);
  }

  private static <V> void removeIf(MapState<String, V> state, Predicate<V> old) throws Exception {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, V> entry : state.entries()) {
      if (old.test(entry.getValue())) {
        keys.add(entry.getKey());
      }
    }
    for (String key : keys) {
      state.remove(key); // not by the iterator, which leaves an empty map behind
    }
  }
}
