package io.millrace.jobs.programs;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main class of the jar that Flink clusters are given: one subcommand for each job. */
@Command(
    name = "millrace-jobs.jar",
    header = "The jobs of Millrace, each by itself on a Flink cluster.",
    description = {
      "For example: flink run --detached millrace-jobs.jar ingest @/etc/millrace.options",
      "The tables and topics exist already: \"millrace up --no-jobs\" makes them.",
      "Options can stand in a file, which @FILE names: passwords are better kept there."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      IngestProgram.class,
      MetricsProgram.class,
      ConversionsProgram.class,
      DimensionsProgram.class
    })
public final class Programs {
  private Programs() {}

  /**
   * Submits the job to the cluster that the environment means.
   *
   * @throws IllegalArgumentException if the arguments are wrong; a cluster that runs this must not
   *     be ended by {@code System.exit}
   */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Programs());
    StringBuilder failed = new StringBuilder();
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          throw e;
        });
    line.setParameterExceptionHandler(
        (e, given) -> {
          failed.append(e.getMessage());
          e.getCommandLine().usage(e.getCommandLine().getErr());
          return 2;
        });
    line.execute(args);
    if (!failed.isEmpty()) {
      throw new IllegalArgumentException(failed.toString());
    }
  }
}
