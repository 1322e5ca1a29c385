package io.millrace.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkClusterITCase {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Smallest count that a key had before an element, seen since the last reset. */
  private static final AtomicLong LOWEST_COUNT = new AtomicLong(Long.MAX_VALUE);

  @TempDir Path folder;

  @Test
  void aRunGoesOnFromTheRunBeforeAndThenDeletesItsCheckpoints() throws Exception {
    String firstRun;
    try (FlinkCluster flink = start()) {
      JobHandle job = flink.submit(counting(flink), Optional.empty());
      firstRun = job.id();
      await().atMost(PATIENCE).until(() -> flink.checkpoints().latestOf(job.id()).isPresent());
      job.stop(PATIENCE);
    }
    CheckpointStore store = new CheckpointStore(folder.resolve("flink/checkpoints"));
    CheckpointStore.Checkpoint last = store.latest().orElseThrow();
    assertThat(last.jobId()).isEqualTo(firstRun);
    assertThat(last.number()).isGreaterThan(1); // one by the clock, one at the stop

    LOWEST_COUNT.set(Long.MAX_VALUE);
    try (FlinkCluster flink = start()) {
      JobHandle job = flink.submit(counting(flink), Optional.of(last.folder()));

      await().atMost(PATIENCE).until(() -> store.deleteSupersededBy(job.id()));

      assertThat(LOWEST_COUNT).hasPositiveValue();
      assertThat(store.latest().orElseThrow().jobId()).isEqualTo(job.id());
      assertThat(store.latest().orElseThrow().number()).isGreaterThan(last.number());
      assertThat(store.folder().resolve(firstRun)).doesNotExist();
      job.stop(PATIENCE);
    }

    LOWEST_COUNT.set(Long.MAX_VALUE);
    try (FlinkCluster flink = start()) {
      Path newest = store.latest().orElseThrow().folder();
      JobHandle job = flink.submit(counting(flink), Optional.of(newest));

      await().atMost(PATIENCE).until(() -> LOWEST_COUNT.get() < Long.MAX_VALUE);

      assertThat(LOWEST_COUNT).hasPositiveValue();
      job.stop(PATIENCE);
    }
  }

  @Test
  void showsItsPageAndTakesNoJars() throws Exception {
    try (FlinkCluster flink = start()) {
      assertThat(get(flink.restUrl().resolve("/")).body()).contains("<title>Apache Flink Web");
      assertThat(get(flink.restUrl().resolve("/config")).body()).contains("\"web-submit\":false");
      assertThat(flink.restUrl().getHost()).isEqualTo("127.0.0.1");
    }
  }

  private FlinkCluster start() throws Exception {
    return FlinkCluster.start(
        folder.resolve("flink"), new PortBook(folder.resolve("ports.properties")), 0, 2);
  }

  private static StreamGraph counting(FlinkCluster flink) {
    Configuration config = flink.pipelineConfig(1, Duration.ofMillis(500));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    env.fromSource(
            new NumberSequenceSource(0, Long.MAX_VALUE / 2),
            WatermarkStrategy.noWatermarks(),
            "Numbers")
        .uid("numbers")
        .keyBy(number -> number % 10, Types.LONG)
        .process(new Count())
        .uid("count")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    return env.getStreamGraph();
  }

  private static HttpResponse<String> get(URI url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Counts the numbers of a key. */
  private static final class Count extends KeyedProcessFunction<Long, Long, Long> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Long> count;

    @Override
    public void open(org.apache.flink.api.common.functions.OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    }

    @Override
    public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
      long before = count.value() == null ? 0 : count.value();
      LOWEST_COUNT.accumulateAndGet(before, Math::min);
      count.update(before + 1);
      out.collect(before + 1);
    }
  }
}
