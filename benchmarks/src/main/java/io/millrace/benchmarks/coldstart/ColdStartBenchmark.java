package io.millrace.benchmarks.coldstart;

import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Report;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How long {@code ./millrace up} takes to be ready, and what it needs when it is idle. */
public final class ColdStartBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * How much is run.
   *
   * @param launcher the {@code millrace} script
   * @param idle how long to wait before memory is read
   */
  public record Options(Path launcher, int rounds, Duration idle) {}

  private ColdStartBenchmark() {}

  /** Runs it, each round with a data folder of its own, twice. */
  public static Report run(Options options, Path folder) throws IOException, InterruptedException {
    Report report = new Report("cold-start");
    for (int round = 0; round < options.rounds; round++) {
      Path data = folder.resolve("data-" + round);
      start(options, data, "empty folder", report);
      start(options, data, "same folder again", report);
      report.add("load average", "", Machine.load());
    }
    return report;
  }

  private static void start(Options options, Path data, String row, Report report)
      throws IOException, InterruptedException {
    Path output = data.resolveSibling(data.getFileName() + ".out");
    long began = System.nanoTime();
    Process up =
        new ProcessBuilder(options.launcher.toString(), "up", "--data", data.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      awaitReady(up, data, output);
      report.add(row + ": ready after", "s", (System.nanoTime() - began) / 1e9);
      report.add(row + ": CPU until ready", "s", cpuSeconds(up));
      TimeUnit.NANOSECONDS.sleep(options.idle.toNanos());
      report.add(row + ": memory when idle (RSS of all processes)", "MiB", residentMiB(up));
      double cpu = cpuSeconds(up);
      long idleFrom = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(options.idle.toNanos());
      report.add(
          row + ": CPU when idle",
          "% of a core",
          100 * (cpuSeconds(up) - cpu) / ((System.nanoTime() - idleFrom) / 1e9));
    } finally {
      up.destroy();
      if (!up.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        up.destroyForcibly();
      }
    }
  }

  private static void awaitReady(Process up, Path data, Path output)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    DataFolder folder = new DataFolder(data);
    while (!Files.isDirectory(data) || RunningPlatform.find(folder).isEmpty()) {
      if (!up.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("Millrace is not ready; it said:\n" + Files.readString(output));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static Stream<ProcessHandle> tree(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  private static double cpuSeconds(Process process) {
    return tree(process)
        .mapToDouble(one -> one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9)
        .sum();
  }

  /** Pages that processes share, as Postgres's do, count in each of them. */
  private static double residentMiB(Process process) throws IOException {
    double kibibytes = 0;
    for (ProcessHandle one : (Iterable<ProcessHandle>) tree(process)::iterator) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + one.pid() + "/status"))) {
        kibibytes +=
            lines
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
      } catch (NoSuchFileException e) {
        continue; // it has just ended
      }
    }
    return kibibytes / 1024;
  }
}
