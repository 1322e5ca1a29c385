package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.START;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** One first phase alone, with a clock and a watermark that the test moves. */
final class SumsHarness<IN> implements AutoCloseable {
  private final OneInputStreamOperatorTestHarness<IN, MetricUpdate> harness;
  private long now;
  private long nextCheckpoint = 1;

  SumsHarness(PreAggregateOperator<IN> operator, long now) throws Exception {
    this(operator, now, null);
  }

  SumsHarness(PreAggregateOperator<IN> operator, long now, OperatorSubtaskState restored)
      throws Exception {
    this.now = now;
    harness = new OneInputStreamOperatorTestHarness<>(operator);
    harness.getExecutionConfig().disableGenericTypes();
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        Types.POJO(MetricUpdate.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.setProcessingTime(now);
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final void process(IN... elements) throws Exception {
    for (IN element : elements) {
      harness.processElement(new StreamRecord<>(element));
    }
  }

  void watermark(long at) throws Exception {
    harness.processWatermark(new Watermark(at));
  }

  void advanceProcessingTime(Duration by) throws Exception {
    now += by.toMillis();
    harness.setProcessingTime(now);
  }

  void barrier() throws Exception {
    harness.prepareSnapshotPreBarrier(nextCheckpoint++);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    barrier();
    return harness.snapshot(nextCheckpoint - 1, now);
  }

  /** The last checkpoint is complete. */
  void confirm() throws Exception {
    harness.notifyOfCompletedCheckpoint(nextCheckpoint - 1);
  }

  /** The first checkpoint is complete, and no later one. */
  void confirmFirst() throws Exception {
    harness.notifyOfCompletedCheckpoint(1);
  }

  /** The input ends. */
  void finish() throws Exception {
    harness.getOneInputOperator().finish();
  }

  List<MetricUpdate> updates() {
    return harness.extractOutputValues();
  }

  /** Updates and watermarks as they left, one line each; updates of grouping {@code all} only. */
  List<String> output() {
    return harness.getOutput().stream()
        .map(
            element ->
                element instanceof Watermark watermark
                    ? "watermark " + minute(watermark.getTimestamp())
                    : line((MetricUpdate) ((StreamRecord<?>) element).getValue()))
        .filter(line -> line.startsWith("all ") || line.startsWith("watermark"))
        .toList();
  }

  /** Events per grouping, value and bot. */
  Map<String, Long> eventsByValue() {
    Map<String, Long> sums = new TreeMap<>();
    for (MetricUpdate update : updates()) {
      sums.merge(
          update.grouping + '=' + update.value + (update.bot ? " bot" : ""),
          update.sums.events,
          Long::sum);
    }
    return sums;
  }

  private static String line(MetricUpdate update) {
    return String.format(
        "%s%s %s minute=%s events=%d sessions=%d visitors=%d",
        update.grouping,
        update.hotOnly ? " hot" : "",
        minute(update.windowStart),
        update.minuteStart == MetricUpdate.NOT_HOT ? "none" : minute(update.minuteStart),
        update.sums.events,
        update.sums.sessions,
        update.visitors.length);
  }

  private static long minute(long at) {
    return Duration.ofMillis(at - START).toMinutes();
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
