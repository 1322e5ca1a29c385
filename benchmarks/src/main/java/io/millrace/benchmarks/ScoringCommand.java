package io.millrace.benchmarks;

import io.millrace.benchmarks.anomalies.ScoringBenchmark;
import io.millrace.benchmarks.measure.Report;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scoring}. */
@Command(
    name = "scoring",
    description = "Points of watched series through the anomaly scorer, their history full.")
final class ScoringCommand extends BenchmarkCommand {
  @Option(names = "--series", defaultValue = "20", description = "${DEFAULT-VALUE} if not given.")
  int series;

  @Option(
      names = "--cadence-min",
      defaultValue = "15",
      description = "Minutes between points; ${DEFAULT-VALUE} if not given.")
  int cadenceMin;

  @Option(
      names = "--points",
      defaultValue = "2000",
      description = "Of each series in a round; ${DEFAULT-VALUE} if not given.")
  int points;

  @Option(names = "--rounds", defaultValue = "5", description = "${DEFAULT-VALUE} if not given.")
  int rounds;

  @Option(names = "--seed", defaultValue = "1", description = "${DEFAULT-VALUE} if not given.")
  long seed;

  @Override
  Report measure(Path folder) {
    return ScoringBenchmark.run(
        new ScoringBenchmark.Options(series, Duration.ofMinutes(cadenceMin), points, rounds, seed));
  }
}
