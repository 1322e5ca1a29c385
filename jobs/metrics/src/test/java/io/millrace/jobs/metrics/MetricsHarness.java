package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.START;

import io.millrace.domain.metric.VisitorSketch;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The second phase alone, with a clock and a watermark that the test moves. */
final class MetricsHarness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<String, MetricUpdate, MetricRow> harness;
  private long now;
  private long nextCheckpoint = 1;

  MetricsHarness(MetricOptions options, long now) throws Exception {
    this(options, now, null);
  }

  MetricsHarness(MetricOptions options, long now, OperatorSubtaskState restored) throws Exception {
    this.now = now;
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new MetricsOperator(options), MetricUpdate::key, Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        Types.POJO(MetricRow.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.setProcessingTime(now);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  void process(MetricUpdate... updates) throws Exception {
    for (MetricUpdate update : updates) {
      harness.processElement(new StreamRecord<>(update));
    }
  }

  void watermark(long at) throws Exception {
    harness.processWatermark(at);
  }

  void advanceProcessingTime(Duration by) throws Exception {
    now += by.toMillis();
    harness.setProcessingTime(now);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    harness.prepareSnapshotPreBarrier(nextCheckpoint);
    return harness.snapshot(nextCheckpoint++, now);
  }

  /** One line per change, with minutes since the start of the timeline. */
  List<String> changes() {
    return harness.extractOutputValues().stream()
        .map(
            row ->
                row.rowKind().shortString()
                    + ' '
                    + minute(row.windowStart)
                    + (row.sums == null
                        ? ""
                        : " events="
                            + row.sums.events
                            + " visitors="
                            + VisitorSketch.estimate(row.sums.visitors)
                            + " r"
                            + row.revision))
        .toList();
  }

  /** Minutes for the hot store. */
  List<MetricRow> hotRows() {
    return hotRows(true);
  }

  private List<MetricRow> hotRows(boolean minutes) {
    Queue<StreamRecord<MetricRow>> rows = harness.getSideOutput(MetricsOperator.HOT);
    return rows == null
        ? List.of()
        : rows.stream().map(StreamRecord::getValue).filter(row -> row.minute == minutes).toList();
  }

  List<String> hot() {
    return hotRows().stream()
        .map(row -> minute(row.windowStart) + " events=" + row.sums.events)
        .toList();
  }

  /** Quarters of an hour for the hot store. */
  List<String> hotQuarters() {
    return hotRows(false).stream()
        .map(
            row ->
                minute(row.windowStart)
                    + " events="
                    + row.sums.events
                    + " sessions="
                    + row.sums.sessions
                    + " visitors="
                    + VisitorSketch.estimate(row.sums.visitors))
        .toList();
  }

  List<Long> hotQuarterVersions() {
    return hotRows(false).stream().map(row -> row.sums.changes).toList();
  }

  int stateEntries() {
    return harness.numKeyedStateEntries();
  }

  int timers() {
    return harness.numEventTimeTimers() + harness.numProcessingTimeTimers();
  }

  private static long minute(long at) {
    return Duration.ofMillis(at - START).toMinutes();
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
