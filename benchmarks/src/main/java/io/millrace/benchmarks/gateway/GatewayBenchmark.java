package io.millrace.benchmarks.gateway;

import io.millrace.benchmarks.load.LoadClient;
import io.millrace.benchmarks.load.Requests;
import io.millrace.benchmarks.measure.Cpu;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Profile;
import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.traffic.EventJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Load on the gateway, in batches and in single events, at a fixed rate and flat out; client,
 * gateway and broker are processes of their own on the same machine.
 */
public final class GatewayBenchmark {
  private static final int CONNECTIONS = 32;
  private static final int BATCH = 50;
  private static final int RING = 256;

  /**
   * How much is run.
   *
   * @param warmUp before the first measurement; the HTTP server's code takes long to be compiled
   * @param profile where to keep a flight recording of the gateway
   * @param baseline whether the bare server is measured as well, in turns with the gateway
   */
  public record Options(
      int rounds,
      Duration warmUp,
      Duration length,
      int batchedEventsPerSecond,
      int singlesPerSecond,
      boolean baseline,
      Optional<Path> profile) {}

  private record Target(String name, ServerProcess server, LoadClient client) {}

  private final Options options;
  private final Clock clock;
  private final Report report = new Report("gateway");

  private GatewayBenchmark(Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Runs it; an answer that is no 204 is an exception. */
  public static Report run(Options options, Path folder, Clock clock) throws Exception {
    GatewayBenchmark benchmark = new GatewayBenchmark(options, clock);
    Optional<Path> recording = options.profile.map(kept -> kept.resolve("gateway.jfr"));
    try (ServerProcess kafka = new ServerProcess("kafka", folder.toString());
        ServerProcess gateway = gateway(kafka, recording);
        LoadClient client = new LoadClient(gateway.url(), CONNECTIONS)) {
      Target own = new Target("gateway", gateway, client);
      if (options.baseline) {
        try (ServerProcess bare = new ServerProcess("bare", kafka.address());
            LoadClient bareClient = new LoadClient(bare.url(), CONNECTIONS)) {
          benchmark.rounds(List.of(own, new Target("bare server", bare, bareClient)));
        }
        benchmark.reportRatio();
      } else {
        benchmark.rounds(List.of(own));
      }
    }
    if (recording.isPresent()) {
      Profile.report(recording.get(), benchmark.report);
    }
    return benchmark.report;
  }

  private static ServerProcess gateway(ServerProcess kafka, Optional<Path> recording)
      throws IOException {
    return recording.isPresent()
        ? new ServerProcess("gateway", kafka.address(), recording.get().toString())
        : new ServerProcess("gateway", kafka.address());
  }

  private void rounds(List<Target> targets) throws IOException, InterruptedException {
    for (Target target : targets) {
      warmUp(target, singles(target), 1);
      warmUp(target, batches(target), BATCH);
    }
    for (int round = 0; round < options.rounds; round++) {
      for (Target target : targets) {
        open(target, "batches of 50", batches(target), BATCH, options.batchedEventsPerSecond);
        closed(target, "batches of 50", batches(target), BATCH);
        open(target, "single events", singles(target), 1, options.singlesPerSecond);
        closed(target, "single events", singles(target), 1);
      }
      report.add("load average", "", Machine.load());
    }
  }

  private void open(Target target, String shape, byte[][] ring, int events, int eventsPerSecond)
      throws InterruptedException {
    long cpu = target.server.cpuNanos();
    LoadClient.Result result =
        target.client.openLoop(
            n -> ring[(int) (n % RING)], (double) eventsPerSecond / events, options.length);
    String row = String.format("%s, %s at %,d events/s", target.name, shape, eventsPerSecond);
    Histogram latencies = result.latencies();
    report.add(row + ": p50", "ms", latencies.getValueAtPercentile(50) / 1e3);
    report.add(row + ": p99", "ms", latencies.getValueAtPercentile(99) / 1e3);
    report.add(row + ": p99.9", "ms", latencies.getValueAtPercentile(99.9) / 1e3);
    report.add(row + ": server CPU per request", "µs", micros(target, cpu, result));
  }

  private void warmUp(Target target, byte[][] ring, int events) throws InterruptedException {
    long until = System.nanoTime() + options.warmUp.dividedBy(2).toNanos();
    while (System.nanoTime() < until) {
      target.client.closedLoop(
          n -> ring[(int) (n % RING)], 100L * inFlight(events), inFlight(events));
    }
  }

  private static int inFlight(int events) {
    return events == 1 ? 1024 : 64;
  }

  private void closed(Target target, String shape, byte[][] ring, int events)
      throws InterruptedException {
    int inFlight = inFlight(events);
    // A short run first shows how many requests fill the wanted time.
    LoadClient.Result probe =
        target.client.closedLoop(n -> ring[(int) (n % RING)], 4L * inFlight, inFlight);
    long count = (long) (probe.perSecond() * options.length.toNanos() / 1e9) + inFlight;
    long cpu = target.server.cpuNanos();
    Cpu before = Cpu.now();
    LoadClient.Result result =
        target.client.closedLoop(n -> ring[(int) (n % RING)], count, inFlight);
    Cpu after = Cpu.now();
    String row = target.name + ", " + shape + " flat out";
    report.add(row + ": events/s", "", result.perSecond() * events);
    report.add(row + ": answers \"not now\"", "", result.retries());
    report.add(row + ": server CPU per request", "µs", micros(target, cpu, result));
    report.add(
        row + ": client CPU per request",
        "µs",
        after.processNanosSince(before) / 1e3 / result.requests());
  }

  private static double micros(Target target, long cpuBefore, LoadClient.Result result) {
    return (target.server.cpuNanos() - cpuBefore) / 1e3 / result.requests();
  }

  private void reportRatio() {
    for (String shape : List.of("batches of 50", "single events")) {
      String row = ", " + shape + " flat out: server CPU per request";
      report.add(
          shape + ": requests per CPU-second, gateway / bare server",
          "",
          report.figure("bare server" + row).median() / report.figure("gateway" + row).median());
    }
  }

  private byte[][] singles(Target target) {
    Requests requests = new Requests(target.server.url(), ServerMain.WRITE_KEY);
    byte[][] ring = new byte[RING][];
    for (int n = 0; n < RING; n++) {
      ring[n] = requests.single(EventJson.event(0, n, n, clock.millis()));
    }
    return ring;
  }

  private byte[][] batches(Target target) {
    Requests requests = new Requests(target.server.url(), ServerMain.WRITE_KEY);
    byte[][] ring = new byte[RING][];
    for (int n = 0; n < RING; n++) {
      List<byte[]> events = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        events.add(EventJson.event(0, (long) n * BATCH + i, n * BATCH + i, clock.millis()));
      }
      ring[n] = requests.batch(events, clock.millis());
    }
    return ring;
  }
}
