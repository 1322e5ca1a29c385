package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.types.RowKind;

/** The explaining alone, with a clock and a watermark that the test moves. */
final class ExplainHarness implements AutoCloseable {
  static final String TENANT = "acme";
  static final long QUARTER = MetricRules.WINDOW_MS;
  static final long DAY = Duration.ofDays(1).toMillis();

  /** What a usual quarter has, by country. */
  static final Map<String, Long> USUAL = Map.of("DE", 300L, "FR", 60L, "US", 50L);

  private final KeyedTwoInputStreamOperatorTestHarness<
          String, SegmentWindow, VerdictRow, VerdictRow>
      harness;
  private long nextCheckpoint = 1;

  ExplainHarness() throws Exception {
    this(null);
  }

  ExplainHarness(OperatorSubtaskState restored) throws Exception {
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(new ExplainFunction()),
            window -> window.tenant,
            row -> row.tenant,
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(VerdictRow.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  /** Usual quarters, each closed by the watermark. */
  void usual(long from, long to) throws Exception {
    for (long start = from; start < to; start += QUARTER) {
      window(start, USUAL);
      watermark(start + QUARTER);
    }
  }

  /** Page views by country, and the total. */
  void window(long start, Map<String, Long> byCountry) throws Exception {
    long total = 0;
    for (String country : USUAL.keySet()) {
      long views = byCountry.getOrDefault(country, 0L);
      segment(start, "country", country, views);
      total += views;
    }
    segment(start, "all", "all", total);
  }

  void segment(long start, String grouping, String value, long views) throws Exception {
    SegmentWindow window = new SegmentWindow();
    window.tenant = TENANT;
    window.grouping = grouping;
    window.value = value;
    window.windowStart = start;
    window.windowMillis = QUARTER;
    window.sums = new Measures();
    window.sums.events = views;
    window.sums.pageViews = views;
    harness.processElement1(new StreamRecord<>(window));
  }

  void verdict(VerdictRow row) throws Exception {
    harness.processElement2(new StreamRecord<>(row));
  }

  static VerdictRow row(long start, long millis, String state, double actual, double expected) {
    VerdictRow row = new VerdictRow();
    row.kind = RowKind.INSERT.toByteValue();
    row.tenant = TENANT;
    row.metric = "page_views";
    row.grouping = "all";
    row.value = "all";
    row.series = "page_views|all|all|" + millis / 60_000 + "m";
    row.windowStart = start;
    row.windowEnd = start + millis;
    row.actual = actual;
    row.expected = expected;
    row.lower = expected * 0.8;
    row.upper = expected * 1.2;
    row.score = state.equals("anomalous") ? 0.7 : 0;
    row.state = state;
    row.explanation = "";
    row.modelVersion = "test";
    row.revision = 1;
    return row;
  }

  void watermark(long at) throws Exception {
    harness.processBothWatermarks(new Watermark(at));
  }

  /** Of the verdicts alone. */
  void watermarkOfVerdicts(long at) throws Exception {
    harness.processWatermark2(new Watermark(at));
  }

  void watermarkOfSegments(long at) throws Exception {
    harness.processWatermark1(new Watermark(at));
  }

  void clock(long at) throws Exception {
    harness.setProcessingTime(at);
  }

  List<VerdictRow> output() {
    return harness.extractOutputValues();
  }

  VerdictRow last() {
    return output().get(output().size() - 1);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    return harness.snapshot(nextCheckpoint++, 0);
  }

  /** Keys of the pages that are remembered. */
  List<String> pages() throws Exception {
    KeyedStateBackend<Object> backend =
        ((AbstractStreamOperator<VerdictRow>) harness.getOperator()).getKeyedStateBackend();
    backend.setCurrentKey(TENANT);
    List<String> pages = new ArrayList<>();
    backend
        .getPartitionedState(
            VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ExplainFunction.SEGMENTS)
        .keys()
        .forEach(pages::add);
    pages.removeIf(key -> !key.startsWith("page|"));
    return pages;
  }

  int stateEntries() {
    return harness.numKeyedStateEntries();
  }

  int timers() {
    return harness.numEventTimeTimers() + harness.numProcessingTimeTimers();
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
