package io.millrace.standalone.command;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.backfill.Backfill;
import io.millrace.standalone.backfill.BackfillReport;
import io.millrace.standalone.backfill.Recomputation;
import io.millrace.standalone.backfill.RestateReport;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace restate}: recompute what events touch that came after a week. */
@Command(
    name = "restate",
    header = "Recompute what events touch that came after their state was gone.",
    description = {
      "An event that comes more than 7 days after the others of its session or window is stored,"
          + " and counted as if it were alone. This finds such events in lake.events and brings"
          + " the sessions of their visitors, and the windows, to what all events say.",
      "Run it daily where events may come so late; it changes nothing that is right already."
    })
public final class RestateCommand implements Callable<Integer> {
  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "now-8d",
      description = "Look at events that arrived since then (default: ${DEFAULT-VALUE}).")
  private String since;

  @Option(
      names = "--arrived-before",
      paramLabel = "TIME",
      defaultValue = Recomputing.SETTLED,
      description =
          "Leave to the running platform what an event touched that arrived at this time or later"
              + " (default: ${DEFAULT-VALUE}).")
  private String arrivedBefore;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Recompute this tenant only; repeatable (default: all).")
  private List<String> tenants = List.of();

  @Option(
      names = "--dry-run",
      description = "Change nothing; ends with exit code 1 when something differs.")
  private boolean dryRun;

  public RestateCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    long from = TimeOption.millis(line, "--since", since, clock);
    long to = TimeOption.millis(line, "--arrived-before", arrivedBefore, clock);
    if (from >= to) {
      throw new ParameterException(
          line,
          "--since (%s) is not before --arrived-before (%s); give an earlier one"
              .formatted(since, arrivedBefore));
    }
    RunningPlatform running = RunningPlatform.require(root.folder());

    Recomputing recomputing = new Recomputing(root, line);
    try (Recomputation recomputation =
        Recomputation.open(running, root.folder(), clock, recomputing.progress())) {
      RestateReport report =
          recomputation.restate(
              from, to, Set.copyOf(tenants), dryRun ? Backfill.Mode.COMPARE : Backfill.Mode.APPLY);
      recomputing.print(report, words(report));
      return (report.holds() ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
    }
  }

  private static String words(RestateReport report) {
    if (report.lateEvents() == 0) {
      return "No event came after its state was gone.";
    }
    StringBuilder words = new StringBuilder();
    words.append(
        String.format(
            Locale.ROOT,
            "%,d events came after their state was gone: %,d visitors, %,d windows",
            report.lateEvents(),
            report.visitors(),
            report.windows()));
    for (BackfillReport range : report.ranges()) {
      words.append(System.lineSeparator()).append(Recomputing.words(range));
    }
    return words.toString();
  }
}
