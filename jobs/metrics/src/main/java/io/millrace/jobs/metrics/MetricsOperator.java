package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.RocksDBKeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.OutputTag;

/**
 * Second phase: keeps one group's window and its minutes.
 *
 * <p>A minute goes to the hot store with every change, and when the window is over so does the sum
 * of its minutes. The window's row goes to the lake when the watermark passes the window's end;
 * what changes it later (late events, sessions that close) restates it once it has been quiet, or
 * when patience is over.
 *
 * <p>It is an operator and no function, because {@link WindowCache} writes many keys at once.
 */
final class MetricsOperator extends AbstractStreamOperator<MetricRow>
    implements OneInputStreamOperator<MetricUpdate, MetricRow>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<MetricRow> HOT =
      new OutputTag<>("hot-metrics", Types.POJO(MetricRow.class));

  private final long quietMs;
  private final long patienceMs;
  private final long keptMs;

  private final long cacheBytes;

  private transient WindowCache cache;
  private transient InternalTimerService<VoidNamespace> timers;

  MetricsOperator(MetricOptions options) {
    this.quietMs = options.quiet().toMillis();
    this.patienceMs = options.patience().toMillis();
    this.keptMs = options.kept().toMillis();
    this.cacheBytes = options.cacheBytes();
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Cleared kept after the last change.
    var windows = new ValueStateDescriptor<>("window", Types.POJO(MetricWindow.class));
    // Cleared with the window.
    var minutes = new MapStateDescriptor<>("minutes", Types.LONG, Types.POJO(Measures.class));
    var windowState = getRuntimeContext().getState(windows);
    var minuteState = getRuntimeContext().getMapState(minutes);
    timers = getInternalTimerService("windows", VoidNamespaceSerializer.INSTANCE, this);

    boolean backendKeepsBytes = getKeyedStateBackend() instanceof RocksDBKeyedStateBackend;
    cache =
        new WindowCache(
            windowState,
            minuteState,
            this::setCurrentKey,
            cacheBytes,
            backendKeepsBytes ? null : windows.getSerializer(),
            backendKeepsBytes ? null : minutes.getValueSerializer());
  }

  @Override
  public void processElement(StreamRecord<MetricUpdate> element) throws Exception {
    MetricUpdate update = element.getValue();
    String key = (String) getCurrentKey();
    CachedWindow cached = cache.find(key);
    long now = getProcessingTimeService().getCurrentProcessingTime();
    if (cached == null) {
      cached = cache.add(key, newWindow(update));
      cached.window.touchedAt = now;
      arm(cached.window, now + keptMs);
    }
    if (!update.hotOnly) {
      sum(cached.window, update, now);
    }
    if (update.minuteStart != MetricUpdate.NOT_HOT) {
      showMinute(cached, update, now);
    }
    cache.changed(cached);
    cache.evict(key);
  }

  private void sum(MetricWindow window, MetricUpdate update, long now) {
    update.addTo(window.sums);
    long closesAt = window.windowStart + MetricRules.WINDOW_MS;
    window.touchedAt = now;
    if (window.waitingSince == MetricWindow.NONE) {
      window.waitingSince = now;
      if (closesAt > timers.currentWatermark()) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, closesAt);
      }
    }
    arm(window, closesAt <= timers.currentWatermark() ? dueAt(window) : now + keptMs);
  }

  private static MetricWindow newWindow(MetricUpdate update) {
    MetricWindow window = new MetricWindow();
    window.tenant = update.tenant;
    window.grouping = update.grouping;
    window.value = update.value;
    window.bot = update.bot;
    window.windowStart = update.windowStart;
    return window;
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    CachedWindow cached = cache.find(timer.getKey());
    if (cached == null) {
      return; // its time was over before the watermark came
    }

    if (cached.window.waitingSince != MetricWindow.NONE) {
      write(cached.window);
    }
    cached.quarterTimerSet = false;
    showQuarter(cached);
    cache.changed(cached);
    cache.evict(timer.getKey());
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    CachedWindow cached = cache.find(timer.getKey());
    if (cached == null) {
      return;
    }

    MetricWindow window = cached.window;
    if (window.timer == timer.getTimestamp()) {
      window.timer = MetricWindow.NONE;
    }
    long now = getProcessingTimeService().getCurrentProcessingTime();
    long closesAt = window.windowStart + MetricRules.WINDOW_MS;
    boolean over = window.touchedAt + keptMs <= now;
    boolean closed = closesAt <= timers.currentWatermark();
    boolean waiting = window.waitingSince != MetricWindow.NONE;
    if (waiting && (over || (closed && dueAt(window) <= now))) {
      write(window);
      waiting = false;
    }
    if (over) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, closesAt);
      cache.drop(cached);
      return;
    }
    if (waiting && !closed) {
      // After a restore timers fire before the first watermark: the window, closed long ago, waits
      // for the watermark to say so again.
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, closesAt);
    }
    arm(window, waiting && closed ? dueAt(window) : window.touchedAt + keptMs);
    cache.changed(cached);
    cache.evict(timer.getKey());
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    cache.flush();
  }

  /** When the changes of a closed window are to be written. */
  private long dueAt(MetricWindow window) {
    return Math.min(window.touchedAt + quietMs, window.waitingSince + patienceMs);
  }

  /**
   * One timer a window is enough: one that fires too early is set anew, one too late is replaced.
   */
  private void arm(MetricWindow window, long at) {
    if (at < window.timer) {
      if (window.timer != MetricWindow.NONE) {
        timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, window.timer);
      }
      timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, at);
      window.timer = at;
    }
  }

  private void write(MetricWindow window) {
    window.waitingSince = MetricWindow.NONE;
    boolean replaces = window.inLake;
    window.inLake = !window.sums.isEmpty();
    if (replaces) {
      MetricRow before = row(window, null);
      before.kind = (window.inLake ? RowKind.UPDATE_BEFORE : RowKind.DELETE).toByteValue();
      output.collect(new StreamRecord<>(before));
    }
    if (window.inLake) {
      window.revision++;
      MetricRow after = row(window, copy(window.sums));
      after.kind = (replaces ? RowKind.UPDATE_AFTER : RowKind.INSERT).toByteValue();
      after.revision = window.revision;
      output.collect(new StreamRecord<>(after));
    }
  }

  private void showMinute(CachedWindow cached, MetricUpdate update, long now) throws Exception {
    Measures minute = cache.minute(cached, update.minuteStart);
    long version = minute.changes + 1;
    update.addTo(minute);
    // The clock makes what a restored job repeats newer than what the failed one had shown: it need
    // not repeat the same number of changes, as sessions may be restated more or less often.
    minute.changes = Math.max(version, now);
    cache.quarterChanged(cached, update, minute);

    MetricRow row = row(cached.window, copy(minute));
    row.windowStart = update.minuteStart;
    row.minute = true;
    output.collect(HOT, new StreamRecord<>(row));

    long closesAt = cached.window.windowStart + MetricRules.WINDOW_MS;
    if (closesAt <= timers.currentWatermark()) {
      showQuarter(cached);
    } else if (!cached.quarterTimerSet) {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, closesAt);
      cached.quarterTimerSet = true;
    }
  }

  /**
   * The sum of the minutes and not the lake's window: that may count sessions which a restored job
   * counts elsewhere.
   */
  private void showQuarter(CachedWindow cached) throws Exception {
    Measures quarter = cache.quarter(cached);
    if (quarter != null) {
      output.collect(HOT, new StreamRecord<>(row(cached.window, copy(quarter))));
    }
  }

  /** What was sent on must not change with what is kept. */
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
