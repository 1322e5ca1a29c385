package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.SegmentHistory;
import io.millrace.domain.anomaly.VerdictState;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * Remembers a tenant's segments, and explains its anomalies by them.
 *
 * <p>A verdict waits until the watermark of both inputs has passed its window: then all segments of
 * the window are here. A segment costs one read and one write. Every six hours a timer goes over
 * all of a tenant's segments: it folds old windows into what is usual, and lets go of what is not
 * seen any more.
 */
final class ExplainFunction
    extends KeyedCoProcessFunction<String, SegmentWindow, VerdictRow, VerdictRow> {
  private static final long serialVersionUID = 1L;

  static final long FOLD_EVERY_MILLIS = Duration.ofHours(6).toMillis();
  static final Duration SEGMENT_KEPT = Duration.ofDays(21);

  /**
   * Values of one grouping; when there are more, the rest is known as what is left of the total.
   */
  static final int MOST_VALUES = 200;

  /** So many are kept when there were too many, so that new ones find a place. */
  static final int VALUES_KEPT = 150;

  /** An event is over after three days, if nobody said so before. */
  static final Duration EVENT_KEPT = Duration.ofDays(4);

  private static final String ALL = TenantSegments.ALL;

  static final MapStateDescriptor<String, SegmentHistory> SEGMENTS =
      new MapStateDescriptor<>("segments", Types.STRING, Types.POJO(SegmentHistory.class));

  /**
   * By grouping, bot and value; each cleared 21 days after it was seen, or when it is too small.
   */
  private transient MapState<String, SegmentHistory> segments;

  /** How many values there are by grouping; cleared with the last one. */
  private transient MapState<String, Integer> values;

  /**
   * Quarters in which the total was anomalous, which must not become usual; each cleared when it is
   * older than the windows that are kept.
   */
  private transient MapState<Long, Boolean> suspects;

  /** Verdicts in order of arrival; each cleared when the watermark has passed its window. */
  private transient ListState<VerdictRow> held;

  /** By series; each cleared when it is over, or 4 days after its last window. */
  private transient MapState<String, OpenEvent> events;

  private transient Counter leftOut;
  private transient Counter tooOld;

  @Override
  public void open(Configuration parameters) {
    var context = getRuntimeContext();
    segments = context.getMapState(SEGMENTS);
    values = context.getMapState(new MapStateDescriptor<>("values", Types.STRING, Types.INT));
    suspects = context.getMapState(new MapStateDescriptor<>("suspects", Types.LONG, Types.BOOLEAN));
    held = context.getListState(new ListStateDescriptor<>("held", Types.POJO(VerdictRow.class)));
    events =
        context.getMapState(
            new MapStateDescriptor<>("events", Types.STRING, Types.POJO(OpenEvent.class)));
    leftOut = context.getMetricGroup().counter("segments_left_out_total");
    tooOld = context.getMetricGroup().counter("segments_too_old_total");
  }

  @Override
  public void processElement1(SegmentWindow window, Context context, Collector<VerdictRow> out)
      throws Exception {
    boolean total = window.grouping.equals(Grouping.ALL.label());
    if (window.bot && !total) {
      return; // only how many bots there are is asked
    }
    long watermark = context.timerService().currentWatermark();
    boolean old =
        watermark > Long.MIN_VALUE && window.windowStart < watermark - SegmentHistory.RECENT_MILLIS;
    if (old && window.windowStart < watermark - SEGMENT_KEPT.toMillis()) {
      tooOld.inc(); // it says nothing about today
      return;
    }
    String key = TenantSegments.key(window);
    SegmentHistory history = segments.get(key);
    if (history == null) {
      if (window.sums == null || window.sums.isEmpty()) {
        return;
      }
      Integer known = values.get(window.grouping);
      if (known != null && known >= MOST_VALUES) {
        leftOut.inc();
        return;
      }
      values.put(window.grouping, known == null ? 1 : known + 1);
      history = new SegmentHistory();
      long next = nextFold(Math.max(watermark, window.windowStart), context.getCurrentKey());
      context.timerService().registerEventTimeTimer(next);
    }
    if (!old) {
      history.put(window.windowStart, window.sums);
    } else if (!history.learnPast(window.windowStart, window.sums, total, watermark)) {
      tooOld.inc(); // folded long ago
      return;
    }
    segments.put(key, history);
  }

  /** At another time for each tenant. */
  private static long nextFold(long after, String tenant) {
    long offset = offset(tenant);
    return (Math.floorDiv(after - offset, FOLD_EVERY_MILLIS) + 1) * FOLD_EVERY_MILLIS + offset;
  }

  private static long offset(String tenant) {
    return Math.floorMod(tenant.hashCode(), FOLD_EVERY_MILLIS);
  }

  @Override
  public void processElement2(VerdictRow row, Context context, Collector<VerdictRow> out)
      throws Exception {
    if (row.windowEnd <= context.timerService().currentWatermark()
        && !held.get().iterator().hasNext()) {
      pass(row, new TenantSegments(segments), context.timerService(), out);
      return;
    }
    held.add(row);
    context.timerService().registerEventTimeTimer(row.windowEnd);
  }

  @Override
  public void onTimer(long firedAt, OnTimerContext context, Collector<VerdictRow> out)
      throws Exception {
    release(context.timerService(), out);
    if (Math.floorMod(firedAt - offset(context.getCurrentKey()), FOLD_EVERY_MILLIS) == 0) {
      fold(firedAt, context);
    }
  }

  private void release(TimerService timers, Collector<VerdictRow> out) throws Exception {
    TenantSegments all = new TenantSegments(segments);
    List<VerdictRow> waiting = new ArrayList<>();
    int passed = 0;
    for (VerdictRow row : held.get()) {
      if (waiting.isEmpty() && row.windowEnd <= timers.currentWatermark()) {
        pass(row, all, timers, out);
        passed++;
      } else {
        waiting.add(row);
      }
    }
    if (passed > 0) {
      held.update(waiting);
    }
  }

  private void pass(
      VerdictRow row, TenantSegments all, TimerService timers, Collector<VerdictRow> out)
      throws Exception {
    boolean comes = row.rowKind() == RowKind.INSERT || row.rowKind() == RowKind.UPDATE_AFTER;
    if (comes && row.state != null) {
      judge(row, all, timers);
    }
    out.collect(row);
  }

  private void judge(VerdictRow row, TenantSegments all, TimerService timers) throws Exception {
    switch (VerdictState.valueOf(row.state.toUpperCase(Locale.ROOT))) {
      case ANOMALOUS -> {
        VerdictExplainer.explain(row, events.get(row.series), all, timers);
        OpenEvent event = new OpenEvent();
        event.severity = row.severity;
        event.lastEnd = row.windowEnd;
        events.put(row.series, event);
        if (row.grouping.equals(Grouping.ALL.label())) {
          suspect(row);
        }
        timers.registerEventTimeTimer(
            nextFold(Math.max(timers.currentWatermark(), row.windowEnd), row.tenant));
      }
      case RECOVERED, WITHDRAWN -> events.remove(row.series);
      case LEARNING, NORMAL -> {}
    }
  }

  private void suspect(VerdictRow row) throws Exception {
    long quarter = MetricRules.windowStart(row.windowStart, MetricRules.WINDOW_MS);
    for (; quarter < row.windowEnd; quarter += MetricRules.WINDOW_MS) {
      suspects.put(quarter, true);
    }
  }

  private void fold(long now, OnTimerContext context) throws Exception {
    long before = now - SegmentHistory.RECENT_MILLIS;
    Set<Long> suspected = new HashSet<>();
    suspects.keys().forEach(suspected::add);
    SegmentHistory total = segments.get(ALL);
    total = total == null ? new SegmentHistory() : total;
    var folded = total.foldedBefore(before, suspected::contains);

    Map<String, List<Sized>> sizes = new HashMap<>();
    Iterator<Map.Entry<String, SegmentHistory>> each = segments.iterator();
    while (each.hasNext()) {
      Map.Entry<String, SegmentHistory> next = each.next();
      SegmentHistory history = next.getValue();
      if (history.lastSeenMillis < now - SEGMENT_KEPT.toMillis()) {
        each.remove();
        continue;
      }
      if (!next.getKey().equals(ALL)) {
        history.fold(folded, total, before, now);
        next.setValue(history);
      }
      String grouping = TenantSegments.groupingOf(next.getKey());
      sizes
          .computeIfAbsent(grouping, key -> new ArrayList<>())
          .add(new Sized(next.getKey(), history.size()));
    }
    if (segments.contains(ALL)) {
      total.fold(folded, total, before, now);
      segments.put(ALL, total);
    }
    values.clear();
    for (var grouping : sizes.entrySet()) {
      values.put(grouping.getKey(), shrink(grouping.getValue()));
    }
    forget(suspects.keys().iterator(), start -> start < before);
    forget(events.iterator(), event -> event.getValue().lastEnd < now - EVENT_KEPT.toMillis());
    // A map that was emptied entry by entry is still there on the heap.
    for (MapState<?, ?> state : List.of(segments, values, suspects, events)) {
      if (state.isEmpty()) {
        state.clear();
      }
    }
    if (!sizes.isEmpty() || !suspects.isEmpty() || !events.isEmpty()) {
      context.timerService().registerEventTimeTimer(now + FOLD_EVERY_MILLIS);
    }
  }

  private record Sized(String key, double size) {}

  /** Lets the smallest go when a grouping is full; returns how many are left. */
  private int shrink(List<Sized> sizes) throws Exception {
    if (sizes.size() < MOST_VALUES) {
      return sizes.size();
    }
    sizes.sort(Comparator.comparingDouble(Sized::size).reversed());
    for (Sized small : sizes.subList(VALUES_KEPT, sizes.size())) {
      segments.remove(small.key);
    }
    return VALUES_KEPT;
  }

  private static <T> void forget(Iterator<T> entries, Predicate<T> isOver) {
    while (entries.hasNext()) {
      if (isOver.test(entries.next())) {
        entries.remove();
      }
    }
  }
}
