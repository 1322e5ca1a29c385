package io.millrace.benchmarks;

import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.pipeline.PipelineBenchmark;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pipeline}. */
@Command(
    name = "pipeline",
    description = "Live events from the gateway to Redis and Iceberg, all in one process.",
    mixinStandardHelpOptions = true)
final class PipelineCommand extends BenchmarkCommand {
  @Mixin private ProfileOption profile;

  @Option(
      names = "--rate",
      defaultValue = "15000",
      description = "Events a second; ${DEFAULT-VALUE} if not given.")
  int rate;

  @Option(
      names = "--warm-up",
      defaultValue = "90",
      paramLabel = "SECONDS",
      description = "${DEFAULT-VALUE} if not given.")
  int warmUpSeconds;

  @Option(names = "--seconds", defaultValue = "60", description = "${DEFAULT-VALUE} if not given.")
  int seconds;

  @Option(
      names = "--visitors",
      defaultValue = "40000",
      description = "${DEFAULT-VALUE} if not given.")
  int visitors;

  @Option(names = "--seed", defaultValue = "1", description = "${DEFAULT-VALUE} if not given.")
  long seed;

  @Override
  Report measure(Path folder) throws Exception {
    return PipelineBenchmark.run(
        new PipelineBenchmark.Options(
            rate,
            Duration.ofSeconds(warmUpSeconds),
            Duration.ofSeconds(seconds),
            visitors,
            seed,
            profile.folder()),
        folder,
        Clock.systemUTC());
  }
}
