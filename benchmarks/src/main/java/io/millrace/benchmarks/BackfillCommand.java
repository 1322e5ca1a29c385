package io.millrace.benchmarks;

import io.millrace.benchmarks.backfill.BackfillBenchmark;
import io.millrace.benchmarks.measure.Report;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code backfill}. */
@Command(
    name = "backfill",
    description = "Stored events through the jobs' rules into empty tables, and compared again.",
    mixinStandardHelpOptions = true)
final class BackfillCommand extends BenchmarkCommand {
  @Option(
      names = "--events",
      defaultValue = "1000000",
      description = "${DEFAULT-VALUE} if not given.")
  int events;

  @Option(
      names = "--visitors",
      defaultValue = "40000",
      description = "${DEFAULT-VALUE} if not given.")
  int visitors;

  @Option(names = "--seed", defaultValue = "1", description = "${DEFAULT-VALUE} if not given.")
  long seed;

  @Override
  Report measure(Path folder) throws Exception {
    return BackfillBenchmark.run(
        new BackfillBenchmark.Options(events, visitors, seed), folder, Clock.systemUTC());
  }
}
