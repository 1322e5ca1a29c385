package io.millrace.standalone.pipeline;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.SessionRules;
import io.millrace.jobs.kit.EventTypeInfo;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricRow;
import io.millrace.jobs.metrics.MetricsJob;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.transformations.SideOutputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/**
 * The operators of sessions and metrics as their {@code define} makes them, one behind the other,
 * with a clock, watermarks and barriers that the test moves. What an operator says goes to the next
 * one at once, as in a chain.
 */
final class JobChain implements AutoCloseable {
  static final Duration GAP = Duration.ofMinutes(30);

  /** What a checkpoint holds. */
  record State(
      OperatorSubtaskState sessions,
      OperatorSubtaskState sessionSums,
      OperatorSubtaskState windows) {}

  /** What left the chain. */
  record Output(
      List<Event> events,
      int duplicates,
      List<SessionChange> sessions,
      List<MetricRow> windows,
      List<MetricRow> hot) {}

  private final KeyedOneInputStreamOperatorTestHarness<String, Event, Event> sessionize;
  private final OneInputStreamOperatorTestHarness<Event, Object> sumEvents;
  private final OneInputStreamOperatorTestHarness<SessionChange, Object> sumSessions;
  private final KeyedOneInputStreamOperatorTestHarness<String, Object, MetricRow> windows;
  private final OutputTag<?> duplicates;
  private final OutputTag<SessionChange> changes;
  private final OutputTag<MetricRow> hot;

  private final List<Event> events = new ArrayList<>();
  private final List<SessionChange> sessions = new ArrayList<>();
  private int repeated;
  private long watermark = Long.MIN_VALUE;
  private long checkpoints;

  JobChain(long cacheBytes, long now, State restored) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    SessionsJob.Results sessionized =
        SessionsJob.define(
            env.fromCollection(List.of(new Event()), EventTypeInfo.INSTANCE),
            new SessionOptions(
                SessionRules.withGap(GAP),
                Duration.ofSeconds(10),
                Duration.ofDays(100),
                cacheBytes));
    MetricsJob.Results summed =
        MetricsJob.define(
            sessionized.events(),
            sessionized.changes(),
            new MetricOptions(
                Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofDays(100), cacheBytes));
    duplicates = tag(sessionized.duplicates());
    changes = tag(sessionized.changes());
    hot = tag(summed.hot());
    summed.cold().print();
    var graph = env.getStreamGraph();

    sessionize = keyed(node(graph.getStreamNodes(), "sessions/sessionize"));
    sumEvents = plain(node(graph.getStreamNodes(), "metrics/sum-events"));
    sumSessions = plain(node(graph.getStreamNodes(), "metrics/sum-sessions"));
    windows = keyed(node(graph.getStreamNodes(), "metrics/windows"));
    for (OneInputStreamOperatorTestHarness<?, ?> each : all()) {
      each.setProcessingTime(now);
    }
    if (restored != null) {
      sessionize.initializeState(restored.sessions);
      sumSessions.initializeState(restored.sessionSums);
      windows.initializeState(restored.windows);
    }
    for (OneInputStreamOperatorTestHarness<?, ?> each : all()) {
      each.open();
    }
  }

  private List<OneInputStreamOperatorTestHarness<?, ?>> all() {
    return List.of(sessionize, sumEvents, sumSessions, windows);
  }

  private static StreamNode node(Iterable<StreamNode> nodes, String uid) {
    for (StreamNode node : nodes) {
      if (uid.equals(node.getTransformationUID())) {
        return node;
      }
    }
    throw new AssertionError("The jobs have no operator " + uid);
  }

  @SuppressWarnings("unchecked")
  private static <I, O> KeyedOneInputStreamOperatorTestHarness<String, I, O> keyed(StreamNode node)
      throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<String, I, O>(
            (StreamOperatorFactory<O>) node.getOperatorFactory(),
            (KeySelector<I, String>) node.getStatePartitioners()[0],
            BasicTypeInfo.STRING_TYPE_INFO,
            1,
            1,
            0);
    harness.setup((TypeSerializer<O>) node.getTypeSerializerOut());
    return harness;
  }

  @SuppressWarnings("unchecked")
  private static <I, O> OneInputStreamOperatorTestHarness<I, O> plain(StreamNode node)
      throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<I, O>(
            (OneInputStreamOperator<I, O>)
                ((SimpleOperatorFactory<O>) node.getOperatorFactory()).getOperator());
    harness.setup((TypeSerializer<O>) node.getTypeSerializerOut());
    return harness;
  }

  @SuppressWarnings("unchecked")
  private static <T> OutputTag<T> tag(SideOutputDataStream<T> stream) {
    return ((SideOutputTransformation<T>) ((DataStream<T>) stream).getTransformation())
        .getOutputTag();
  }

  void process(Event event) throws Exception {
    sessionize.processElement(event, event.occurredAt);
    forward();
  }

  void watermark(long at) throws Exception {
    watermark = Math.max(watermark, at);
    sessionize.processWatermark(watermark);
    forward();
    sumEvents.processWatermark(watermark);
    sumSessions.processWatermark(watermark);
    forward();
    windows.processWatermark(watermark);
  }

  void advanceProcessingTime(long now) throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> each : all()) {
      each.setProcessingTime(now);
      forward();
    }
  }

  /** A barrier goes through all operators. */
  State checkpoint() throws Exception {
    checkpoints++;
    sessionize.prepareSnapshotPreBarrier(checkpoints);
    OperatorSubtaskState ofSessions = sessionize.snapshot(checkpoints, 0);
    forward();
    sumEvents.prepareSnapshotPreBarrier(checkpoints);
    sumSessions.prepareSnapshotPreBarrier(checkpoints);
    OperatorSubtaskState ofSums = sumSessions.snapshot(checkpoints, 0);
    forward();
    windows.prepareSnapshotPreBarrier(checkpoints);
    return new State(ofSessions, ofSums, windows.snapshot(checkpoints, 0));
  }

  /** All operators hear that the last checkpoint is complete. */
  void confirmCheckpoint() throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> each : all()) {
      each.notifyOfCompletedCheckpoint(checkpoints);
      forward();
    }
  }

  /** What left the chain since this was asked last. */
  Output takeOutput() {
    List<MetricRow> written = windows.extractOutputValues();
    windows.getOutput().clear();
    Output output =
        new Output(
            List.copyOf(events), repeated, List.copyOf(sessions), written, take(windows, hot));
    events.clear();
    sessions.clear();
    repeated = 0;
    return output;
  }

  private void forward() throws Exception {
    List<Event> passed = sessionize.extractOutputValues();
    sessionize.getOutput().clear();
    events.addAll(passed);
    repeated += take(sessionize, duplicates).size();
    for (Event event : passed) {
      sumEvents.processElement(event, event.occurredAt);
    }
    for (SessionChange change : take(sessionize, changes)) {
      sessions.add(change);
      sumSessions.processElement(change, 0);
    }
    for (OneInputStreamOperatorTestHarness<?, Object> sums : List.of(sumEvents, sumSessions)) {
      List<Object> updates = sums.extractOutputValues();
      sums.getOutput().clear();
      for (Object update : updates) {
        windows.processElement(update, 0);
      }
    }
  }

  private static <T> List<T> take(OneInputStreamOperatorTestHarness<?, ?> from, OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = from.getSideOutput(tag);
    if (records == null) {
      return List.of();
    }
    List<T> values = records.stream().map(StreamRecord::getValue).toList();
    records.clear();
    return values;
  }

  @Override
  public void close() throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> each : all()) {
      each.close();
    }
  }
}
