package io.millrace.benchmarks;

import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.sessionize.SessionizeBenchmark;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sessionize}. */
@Command(
    name = "sessionize",
    description = "A filled topic through parse, dedup and session, on RocksDB.",
    mixinStandardHelpOptions = true)
final class SessionizeCommand extends BenchmarkCommand {
  @Mixin private ProfileOption profile;

  @Option(
      names = "--events",
      defaultValue = "1200000",
      description = "${DEFAULT-VALUE} if not given.")
  int events;

  @Option(
      names = "--visitors",
      defaultValue = "40000",
      description = "${DEFAULT-VALUE} if not given.")
  int visitors;

  @Option(names = "--rounds", defaultValue = "3", description = "${DEFAULT-VALUE} if not given.")
  int rounds;

  @Option(names = "--seed", defaultValue = "1", description = "${DEFAULT-VALUE} if not given.")
  long seed;

  @Option(names = "--no-enrichment", description = "Leave out the rounds with enrichment.")
  boolean withoutEnrichment;

  @Override
  Report measure(Path folder) throws Exception {
    return SessionizeBenchmark.run(
        new SessionizeBenchmark.Options(
            events, visitors, rounds, seed, !withoutEnrichment, profile.folder()),
        folder);
  }
}
