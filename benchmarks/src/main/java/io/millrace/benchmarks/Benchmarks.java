package io.millrace.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    description = "Measures Millrace on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SessionizeCommand.class,
      PipelineCommand.class,
      BackfillCommand.class,
      GatewayCommand.class,
      ColdStartCommand.class,
      ScoringCommand.class,
      JmhCommand.class
    })
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}
