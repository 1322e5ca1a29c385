package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Measures;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One segment with visits by day and night, and a clock and a watermark that the test moves. */
final class SeriesHarness implements AutoCloseable {
  static final long QUARTER = Duration.ofMinutes(15).toMillis();
  static final long HOUR = 4 * QUARTER;
  static final long DAY = 96 * QUARTER;

  /** A Monday. */
  static final long START = 1_735_516_800_000L;

  private final KeyedOneInputStreamOperatorTestHarness<String, SegmentWindow, VerdictRow> harness;
  private long now;
  private long nextCheckpoint = 1;

  SeriesHarness(TenantCalendar calendar, OperatorSubtaskState restored, long now) throws Exception {
    this.now = now;
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new SeriesFunction(AnomalyOptions.DEFAULT, calendar)),
            row -> row.tenant + row.grouping + row.value,
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(VerdictRow.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.setProcessingTime(now);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  SeriesHarness() throws Exception {
    this(new TenantCalendar(null), null, START);
  }

  /** A day of windows of {@code acme} as a whole, each in its time, with the watermark behind. */
  void live(long fromDay, long toDay) throws Exception {
    for (long at = START + fromDay * DAY; at < START + toDay * DAY; at += QUARTER) {
      process(window(at, usual(at)));
      watermark(at + QUARTER);
    }
  }

  void process(SegmentWindow row) throws Exception {
    harness.processElement(new StreamRecord<>(row));
  }

  /** Moves event time, and the clock with it where that is behind. */
  void watermark(long at) throws Exception {
    if (at > now) {
      now = at;
      harness.setProcessingTime(now);
    }
    harness.processWatermark(at);
  }

  void pass(Duration time) throws Exception {
    now += time.toMillis();
    harness.setProcessingTime(now);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    return harness.snapshot(nextCheckpoint++, now);
  }

  int processingTimers() {
    return harness.numProcessingTimeTimers();
  }

  int timers() {
    return harness.numEventTimeTimers() + harness.numProcessingTimeTimers();
  }

  int keyedStates() {
    return harness.numKeyedStateEntries();
  }

  List<VerdictRow> verdicts() {
    return harness.extractOutputValues();
  }

  /** Verdicts of one series, as text: what became of which hour since the start. */
  List<String> told(String series) {
    return verdicts().stream()
        .filter(row -> row.series.equals(series))
        .map(
            row ->
                row.rowKind().shortString()
                    + " h"
                    + (row.windowStart - START) / HOUR
                    + ' '
                    + row.state
                    + " r"
                    + row.revision)
        .toList();
  }

  <T> List<T> side(OutputTag<T> tag) {
    Queue<StreamRecord<T>> rows = harness.getSideOutput(tag);
    return rows == null ? List.of() : rows.stream().map(StreamRecord::getValue).toList();
  }

  /** What usually happens in that quarter of an hour: 40 to 160 events, and a little noise. */
  static long usual(long at) {
    double day = 1 - Math.cos(2 * Math.PI * (at % DAY) / DAY);
    double mean = 40 + 60 * day;
    return Math.max(0, Math.round(mean + new Random(at).nextGaussian() * Math.sqrt(mean)));
  }

  static SegmentWindow window(long at, long events) {
    SegmentWindow row = new SegmentWindow();
    row.tenant = "acme";
    row.grouping = "all";
    row.value = "all";
    row.watched = true;
    row.windowStart = at;
    row.windowMillis = QUARTER;
    row.sums = new Measures();
    row.sums.events = events;
    row.sums.pageViews = events * 3 / 4;
    row.sums.clicks = events / 8;
    row.sums.sessions = events / 5;
    row.sums.bounces = events / 10;
    row.sums.revenueCents = events * 50;
    return row;
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
