package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.metric.VisitorSketch;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Second phase: keeps one group's window and its minutes.
 *
 * <p>A minute goes to the hot store with every change. The window's row goes to the lake when the
 * watermark passes the window's end; what changes it later (late events, sessions that close)
 * restates it once it has been quiet, or when patience is over.
 */
final class MetricsFunction extends KeyedProcessFunction<String, MetricUpdate, MetricRow> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<MetricRow> HOT =
      new OutputTag<>("hot-metrics", Types.POJO(MetricRow.class));

  private final long quietMs;
  private final long patienceMs;
  private final long keptMs;

  private transient ValueState<MetricWindow> windows;
  private transient MapState<Long, Measures> minutes;

  MetricsFunction(MetricOptions options) {
    this.quietMs = options.quiet().toMillis();
    this.patienceMs = options.patience().toMillis();
    this.keptMs = options.kept().toMillis();
  }

  @Override
  public void open(Configuration parameters) {
    // Cleared kept after the last change.
    windows =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("window", Types.POJO(MetricWindow.class)));
    // Cleared with the window.
    minutes =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("minutes", Types.LONG, Types.POJO(Measures.class)));
  }

  @Override
  public void processElement(MetricUpdate update, Context ctx, Collector<MetricRow> out)
      throws Exception {
    MetricWindow window = windows.value();
    if (window == null) {
      window = new MetricWindow();
      window.tenant = update.tenant;
      window.grouping = update.grouping;
      window.value = update.value;
      window.bot = update.bot;
      window.windowStart = update.windowStart;
    }
    add(window.sums, update);

    long now = ctx.timerService().currentProcessingTime();
    long closesAt = window.windowStart + MetricRules.WINDOW_MS;
    window.touchedAt = now;
    if (window.waitingSince == MetricWindow.NONE) {
      window.waitingSince = now;
      if (closesAt > ctx.timerService().currentWatermark()) {
        ctx.timerService().registerEventTimeTimer(closesAt);
      }
    }
    arm(
        window,
        closesAt <= ctx.timerService().currentWatermark() ? dueAt(window) : now + keptMs,
        ctx);
    windows.update(window);

    if (update.minuteStart != MetricUpdate.NOT_HOT) {
      showMinute(update, ctx);
    }
  }

  @Override
  public void onTimer(long firedAt, OnTimerContext ctx, Collector<MetricRow> out) throws Exception {
    MetricWindow window = windows.value();
    if (window == null) {
      return; // its time was over before the watermark came
    }

    switch (ctx.timeDomain()) {
      case EVENT_TIME -> {
        if (window.waitingSince != MetricWindow.NONE) {
          write(window, out);
        }
      }
      case PROCESSING_TIME -> {
        if (!onProcessingTime(firedAt, window, ctx, out)) {
          return;
        }
      }
    }
    windows.update(window);
  }

  /** Says whether the window stays. */
  private boolean onProcessingTime(
      long firedAt, MetricWindow window, OnTimerContext ctx, Collector<MetricRow> out)
      throws Exception {
    if (window.timer == firedAt) {
      window.timer = MetricWindow.NONE;
    }
    long now = ctx.timerService().currentProcessingTime();
    boolean over = window.touchedAt + keptMs <= now;
    boolean closed =
        window.windowStart + MetricRules.WINDOW_MS <= ctx.timerService().currentWatermark();
    boolean waiting = window.waitingSince != MetricWindow.NONE;
    if (waiting && (over || (closed && dueAt(window) <= now))) {
      write(window, out);
      waiting = false;
    }
    if (over) {
      windows.clear();
      minutes.clear();
      ctx.timerService().deleteEventTimeTimer(window.windowStart + MetricRules.WINDOW_MS);
      return false;
    }
    if (waiting && !closed) {
      // After a restore timers fire before the first watermark: the window, closed long ago, waits
      // for the watermark to say so again.
      ctx.timerService().registerEventTimeTimer(window.windowStart + MetricRules.WINDOW_MS);
    }
    arm(window, waiting && closed ? dueAt(window) : window.touchedAt + keptMs, ctx);
    return true;
  }

  /** When the changes of a closed window are to be written. */
  private long dueAt(MetricWindow window) {
    return Math.min(window.touchedAt + quietMs, window.waitingSince + patienceMs);
  }

  /**
   * One timer a window is enough: one that fires too early is set anew, one too late is replaced.
   */
  private static void arm(
      MetricWindow window,
      long at,
      KeyedProcessFunction<String, MetricUpdate, MetricRow>.Context ctx) {
    if (at < window.timer) {
      if (window.timer != MetricWindow.NONE) {
        ctx.timerService().deleteProcessingTimeTimer(window.timer);
      }
      ctx.timerService().registerProcessingTimeTimer(at);
      window.timer = at;
    }
  }

  private static void write(MetricWindow window, Collector<MetricRow> out) {
    window.waitingSince = MetricWindow.NONE;
    window.revision++;
    if (window.revision > 1) {
      MetricRow before = row(window, null);
      before.kind = RowKind.UPDATE_BEFORE.toByteValue();
      out.collect(before);
    }
    MetricRow after = row(window, copy(window.sums));
    after.kind = (window.revision == 1 ? RowKind.INSERT : RowKind.UPDATE_AFTER).toByteValue();
    after.revision = window.revision;
    out.collect(after);
  }

  private void showMinute(MetricUpdate update, Context ctx) throws Exception {
    Measures minute = minutes.get(update.minuteStart);
    if (minute == null) {
      minute = new Measures();
    }
    long version = minute.changes + 1;
    add(minute, update);
    // The clock makes what a restored job repeats newer than what the failed one had shown: it need
    // not
    // repeat the same number of changes, as sessions may be restated more or less often.
    minute.changes = Math.max(version, ctx.timerService().currentProcessingTime());
    minutes.put(update.minuteStart, minute);

    MetricRow row = new MetricRow();
    row.tenant = update.tenant;
    row.grouping = update.grouping;
    row.value = update.value;
    row.bot = update.bot;
    row.windowStart = update.minuteStart;
    row.sums = copy(minute);
    ctx.output(HOT, row);
  }

  private static void add(Measures sums, MetricUpdate update) {
    sums.add(update.sums);
    if (update.visitors.length > 0) {
      sums.visitors = VisitorSketch.add(sums.visitors, update.visitors, update.visitors.length);
    }
  }

  /** State may keep the object that it was given, and what was sent on must not change with it. */
  private static Measures copy(Measures sums) {
    Measures copy = new Measures();
    copy.add(sums);
    return copy;
  }

  private static MetricRow row(MetricWindow window, Measures sums) {
    MetricRow row = new MetricRow();
    row.tenant = window.tenant;
    row.grouping = window.grouping;
    row.value = window.value;
    row.bot = window.bot;
    row.windowStart = window.windowStart;
    row.sums = sums;
    return row;
  }
}
