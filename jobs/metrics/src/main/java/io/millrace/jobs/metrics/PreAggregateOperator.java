package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.HashIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * First phase: sums what passes by, per group and minute, and hands the sums on about once a
 * second.
 *
 * <p>So a page that takes every second event costs the second phase no more than any other. Sums
 * are no state: they are handed on before a checkpoint's barrier, and before a watermark that
 * closes a window of theirs.
 */
abstract class PreAggregateOperator<IN> extends AbstractStreamOperator<MetricUpdate>
    implements OneInputStreamOperator<IN, MetricUpdate> {
  private static final long serialVersionUID = 1L;
  private static final long INTERVAL_MS = 1_000;
  private static final int MAX_GROUPS = 20_000;

  private record Group(
      String tenant,
      Grouping grouping,
      String value,
      boolean bot,
      long windowStart,
      long minuteStart) {}

  private static final class Sums {
    final Measures measures = new Measures();
    HashIndex visitors;
  }

  private transient Map<Group, Sums> groups;
  private transient long firstClose;
  private transient long watermark;

  @Override
  public void open() throws Exception {
    super.open();
    groups = new HashMap<>();
    firstClose = Long.MAX_VALUE;
    watermark = Long.MIN_VALUE;
    scheduleFlush();
  }

  /** Adds the element to its groups by {@link #measures} and {@link #visitor}. */
  abstract void add(IN element);

  @Override
  public void processElement(StreamRecord<IN> element) {
    add(element.getValue());
    if (groups.size() >= MAX_GROUPS) {
      flush();
    }
  }

  /** The sums of the group to which something of this time belongs. */
  final Measures measures(String tenant, Grouping grouping, String value, boolean bot, long at) {
    return sums(tenant, grouping, value, bot, at).measures;
  }

  /** As {@link #measures}, counting the visitor as well. */
  final Measures measures(
      String tenant, Grouping grouping, String value, boolean bot, long at, long visitorHash) {
    Sums sums = sums(tenant, grouping, value, bot, at);
    if (sums.visitors == null) {
      sums.visitors = new HashIndex();
    }
    sums.visitors.add(visitorHash, 0);
    return sums.measures;
  }

  private Sums sums(String tenant, Grouping grouping, String value, boolean bot, long at) {
    long now = getProcessingTimeService().getCurrentProcessingTime();
    boolean hot = at >= now - MetricRules.HOT_KEPT.toMillis();
    long windowStart = MetricRules.windowStart(at, MetricRules.WINDOW_MS);
    long closesAt = windowStart + MetricRules.WINDOW_MS;
    if (closesAt > watermark) {
      firstClose = Math.min(firstClose, closesAt);
    }
    long minuteStart =
        hot ? MetricRules.windowStart(at, MetricRules.MINUTE_MS) : MetricUpdate.NOT_HOT;
    return groups.computeIfAbsent(
        new Group(tenant, grouping, value, bot, windowStart, minuteStart), group -> new Sums());
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermark = mark.getTimestamp();
    if (watermark >= firstClose) {
      flush();
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  private void scheduleFlush() {
    var service = getProcessingTimeService();
    long now = service.getCurrentProcessingTime();
    // On whole seconds: what all subtasks say of a group then comes at once, and is shown once.
    service.registerTimer(
        now - Math.floorMod(now, INTERVAL_MS) + INTERVAL_MS,
        at -> {
          flush();
          scheduleFlush();
        });
  }

  private void flush() {
    groups.forEach(
        (group, sums) -> {
          MetricUpdate update = new MetricUpdate();
          update.tenant = group.tenant;
          update.grouping = group.grouping.label();
          update.value = group.value;
          update.bot = group.bot;
          update.windowStart = group.windowStart;
          update.minuteStart = group.minuteStart;
          update.sums = sums.measures;
          update.visitors = visitors(sums.visitors);
          emit(update);
        });
    groups.clear();
    firstClose = Long.MAX_VALUE;
  }

  /** Hands on what was summed. */
  void emit(MetricUpdate update) {
    output.collect(new StreamRecord<>(update));
  }

  private static long[] visitors(HashIndex index) {
    return index == null
        ? new long[0]
        : Arrays.stream(index.hashes).filter(hash -> hash != 0).toArray();
  }
}
