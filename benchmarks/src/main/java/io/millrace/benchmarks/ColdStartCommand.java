package io.millrace.benchmarks;

import io.millrace.benchmarks.coldstart.ColdStartBenchmark;
import io.millrace.benchmarks.measure.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cold-start}. */
@Command(
    name = "cold-start",
    description = "How long ./millrace up takes, and its idle memory.",
    mixinStandardHelpOptions = true)
final class ColdStartCommand extends BenchmarkCommand {
  @Option(
      names = "--launcher",
      defaultValue = "${sys:millrace.home}/millrace",
      description = "The command to start; ${DEFAULT-VALUE} if not given.")
  Path launcher;

  @Option(names = "--rounds", defaultValue = "3", description = "${DEFAULT-VALUE} if not given.")
  int rounds;

  @Option(
      names = "--idle",
      defaultValue = "20",
      paramLabel = "SECONDS",
      description = "${DEFAULT-VALUE} if not given.")
  int idleSeconds;

  @Override
  Report measure(Path folder) throws IOException, InterruptedException {
    return ColdStartBenchmark.run(
        new ColdStartBenchmark.Options(launcher, rounds, Duration.ofSeconds(idleSeconds)), folder);
  }
}
