package io.millrace.benchmarks;

import io.millrace.benchmarks.gateway.GatewayBenchmark;
import io.millrace.benchmarks.measure.Report;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gateway}. */
@Command(
    name = "gateway",
    description = "Load on the gateway with acks=all, at fixed rates and flat out.",
    mixinStandardHelpOptions = true)
final class GatewayCommand extends BenchmarkCommand {
  @Mixin private ProfileOption profile;

  @Option(
      names = "--warm-up",
      defaultValue = "40",
      paramLabel = "SECONDS",
      description = "${DEFAULT-VALUE} if not given.")
  int warmUpSeconds;

  @Option(names = "--rounds", defaultValue = "3", description = "${DEFAULT-VALUE} if not given.")
  int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Of each part; ${DEFAULT-VALUE} if not given.")
  int seconds;

  @Option(
      names = "--batched-rate",
      defaultValue = "20000",
      description = "Events a second; ${DEFAULT-VALUE} if not given.")
  int batchedRate;

  @Option(
      names = "--single-rate",
      defaultValue = "5000",
      description = "Events a second; ${DEFAULT-VALUE} if not given.")
  int singleRate;

  @Option(
      names = "--baseline",
      description = "Also a bare server with the same producer, in turns.")
  boolean baseline;

  @Override
  Report measure(Path folder) throws Exception {
    return GatewayBenchmark.run(
        new GatewayBenchmark.Options(
            rounds,
            Duration.ofSeconds(warmUpSeconds),
            Duration.ofSeconds(seconds),
            batchedRate,
            singleRate,
            baseline,
            profile.folder()),
        folder,
        Clock.systemUTC());
  }
}
