package io.millrace.benchmarks.pipeline;

import io.millrace.benchmarks.load.LoadClient;
import io.millrace.benchmarks.load.Requests;
import io.millrace.benchmarks.measure.Cpu;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Profile;
import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.measure.ThreadGroups;
import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.Platform;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.PlatformParts;
import io.millrace.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * The whole way of live events, in one process: load client, gateway, Kafka, all jobs, Redis and
 * Iceberg.
 */
public final class PipelineBenchmark {
  private static final int CONNECTIONS = 16;
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * How much is run.
   *
   * @param rate events a second
   * @param warmUp at a rising rate, not measured
   */
  public record Options(
      int rate,
      Duration warmUp,
      Duration length,
      int visitors,
      long seed,
      Optional<Path> profile) {}

  private final Options options;
  private final Clock clock;
  private final Report report;
  private final Random random;
  private long sent;

  private PipelineBenchmark(Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
    this.random = new Random(options.seed);
    this.report =
        new Report(
            "pipeline: " + options.rate + " events/s for " + options.length.toSeconds() + " s");
  }

  /** Runs it, with everything it writes under the folder; what comes out wrong is an exception. */
  public static Report run(Options options, Path folder, Clock clock) throws Exception {
    PipelineBenchmark benchmark = new PipelineBenchmark(options, clock);
    PlatformOptions platformOptions = PlatformOptions.defaults(folder);
    try (Platform platform =
        Platform.start(
            platformOptions,
            PlatformParts.pipeline(platformOptions),
            PlatformParts.gateway(),
            clock,
            (part, address, took) -> {})) {
      benchmark.measure(platform.running(), new DataFolder(folder));
    }
    return benchmark.report;
  }

  private void measure(RunningPlatform platform, DataFolder folder) throws Exception {
    String key = LocalKeys.read(folder.config()).of(LocalKeys.DEFAULT_TENANT).live();
    Requests requests = new Requests(platform.gateway(), key);
    try (LoadClient load = new LoadClient(platform.gateway(), CONNECTIONS);
        Markers markers = new Markers(platform, requests, clock)) {
      LongFunction<byte[]> batches = n -> requests.batch(nextEvents(), clock.millis());
      double batchesPerSecond = (double) options.rate / BATCH;
      // A cold JVM does not carry the whole rate.
      Duration third = options.warmUp.dividedBy(3);
      load.openLoop(batches, batchesPerSecond / 4, third);
      load.openLoop(batches, batchesPerSecond / 2, third);
      load.openLoop(batches, batchesPerSecond, third);

      markers.start();
      LakeProgress.Point lakeBefore = LakeProgress.now(platform.lake().catalog());
      try (Profile profile =
          options.profile.isPresent()
              ? Profile.start(options.profile.get().resolve("pipeline.jfr"))
              : null) {
        Cpu before = Cpu.now();
        LoadClient.Result result = load.openLoop(batches, batchesPerSecond, options.length);
        Cpu after = Cpu.now();
        if (profile != null) {
          profile.stop();
        }
        markers.stop();
        LakeProgress.Point lakeAfter = LakeProgress.now(platform.lake().catalog());
        long inLake = lakeAfter.rows();
        long catchUp = System.nanoTime();
        awaitInLake(platform, markers);
        report.add("sent", "events/s", result.requests() * BATCH * 1e9 / result.nanos());
        report.add(
            "committed to lake.events while the load ran", "events/s", lakeAfter.since(lakeBefore));
        report.add("not in the lake when the load ended", "s of load", behind(inLake));
        report.add(
            "until the last event was in the lake", "s", (System.nanoTime() - catchUp) / 1e9);
        reportLatencies(platform, markers, result);
        reportCpu(before, after, result.requests() * BATCH);
        if (profile != null) {
          profile.report(report);
        }
      }
    }
    LakeProgress.requireEachOnce(platform.lake().catalog(), sent);
    report.note("All " + sent + " events are in lake.events, each once.");
  }

  private double behind(long inLake) {
    return (double) (sent - inLake) / options.rate;
  }

  private List<byte[]> nextEvents() {
    long now = clock.millis();
    List<byte[]> events = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      // Nearly all at once: half of the visits go to a tenth of the visitors.
      int visitor = random.nextInt(random.nextBoolean() ? options.visitors : options.visitors / 10);
      events.add(EventJson.event(LakeProgress.RUN, sent++, visitor, now));
    }
    return events;
  }

  private void awaitInLake(RunningPlatform platform, Markers markers)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (LakeProgress.now(platform.lake().catalog()).rows() < sent + markers.sent()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Of "
                + sent
                + " events only "
                + LakeProgress.now(platform.lake().catalog()).rows()
                + " are in the lake "
                + PATIENCE.toSeconds()
                + " s after the last was sent");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void reportLatencies(RunningPlatform platform, Markers markers, LoadClient.Result result)
      throws Exception {
    report.add("gateway: p50", "ms", result.latencies().getValueAtPercentile(50) / 1e3);
    report.add("gateway: p99", "ms", result.latencies().getValueAtPercentile(99) / 1e3);
    report.add("gateway: batches answered \"not now\" and sent again", "", result.retries());
    report.add("event to live view: p50", "ms", markers.latencies().getValueAtPercentile(50));
    report.add("event to live view: p99", "ms", markers.latencies().getValueAtPercentile(99));
    LakeProgress.Delays delays = LakeProgress.delays(platform.lake().catalog());
    report.add("event to lake: mean", "s", delays.mean() / 1e3);
    report.add("event to lake: longest", "s", delays.longest() / 1e3);
    Checkpoints checkpoints = Checkpoints.of(platform.flink(), platform.pipelineJob());
    report.add("checkpoints", "", checkpoints.count());
    report.add("checkpoint: mean", "ms", checkpoints.mean());
    report.add("checkpoint: longest", "ms", checkpoints.longest());
    report.add("checkpoints that failed", "", checkpoints.failed());
    report.add("load average", "", Machine.load());
  }

  private void reportCpu(Cpu before, Cpu after, long events) {
    report.add(
        "CPU per event, client included", "µs", after.processNanosSince(before) / 1e3 / events);
    for (Map.Entry<String, Long> group : after.nanosSince(before, ThreadGroups::of).entrySet()) {
      double micros = group.getValue() / 1e3 / events;
      if (micros >= 0.1) {
        report.add("  " + group.getKey(), "µs", micros);
      }
    }
  }
}
