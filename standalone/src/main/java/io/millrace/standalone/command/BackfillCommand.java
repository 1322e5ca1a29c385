package io.millrace.standalone.command;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.backfill.Backfill;
import io.millrace.standalone.backfill.BackfillJob;
import io.millrace.standalone.backfill.BackfillReport;
import io.millrace.standalone.backfill.Recomputation;
import io.millrace.standalone.backfill.TimeRange;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace backfill}: recompute the past, compare, and mend. */
@Command(
    name = "backfill",
    header = "Recompute sessions, metrics and conversions of the past from the events.",
    description = {
      "Runs the jobs over lake.events, compares what begins in the range with the tables, and puts"
          + " each table as it should be on a branch of it, backfill_<id>.",
      "Ends with exit code 1 and the first rows that differ when something does. With --apply main"
          + " gets the differences, and the exit code is 0 when it got all of them.",
      "Conversions (lake.conversions, lake.attribution and lake.funnel_steps) are recomputed when"
          + " asked for, by the goals and funnels as they are defined now, whatever was in force when"
          + " their events came: rows of a goal that is defined no more count as extra.",
      "May be stopped at any time and started again; it never leaves a table half changed."
    })
public final class BackfillCommand implements Callable<Integer> {
  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "Recompute what begins at this time or later, such as 2026-01-31,"
              + " 2026-01-31T12:00:00Z or now-7d.")
  private String from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TIME",
      description = "Recompute what begins before this time.")
  private String to;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "sessions, metrics or conversions; repeatable (default: sessions and metrics).")
  private List<String> jobs = List.of();

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Recompute this tenant only; repeatable (default: all).")
  private List<String> tenants = List.of();

  @Option(names = "--apply", description = "Bring main to the recomputed state.")
  private boolean apply;

  @Option(
      names = "--arrived-before",
      paramLabel = "TIME",
      defaultValue = Recomputing.SETTLED,
      description =
          "Leave to the running platform what an event touched that arrived at this time or later"
              + " (default: ${DEFAULT-VALUE}).")
  private String arrivedBefore;

  public BackfillCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    Backfill.Request request =
        new Backfill.Request(
            range(line),
            jobs(line),
            Set.copyOf(tenants),
            TimeOption.millis(line, "--arrived-before", arrivedBefore, clock));
    RunningPlatform running = RunningPlatform.require(root.folder());

    Recomputing recomputing = new Recomputing(root, line);
    try (Recomputation recomputation =
        Recomputation.open(running, root.folder(), clock, recomputing.progress())) {
      BackfillReport report =
          recomputation.backfill(request, apply ? Backfill.Mode.APPLY : Backfill.Mode.COMPARE);
      recomputing.print(report);
      return (report.holds() ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
    }
  }

  private TimeRange range(CommandLine line) {
    try {
      return new TimeRange(
          TimeOption.millis(line, "--from", from, clock),
          TimeOption.millis(line, "--to", to, clock));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, "Cannot recompute this range: " + e.getMessage(), e);
    }
  }

  private Set<BackfillJob> jobs(CommandLine line) {
    if (jobs.isEmpty()) {
      return BackfillJob.OF_EVENTS;
    }
    Set<BackfillJob> chosen = EnumSet.noneOf(BackfillJob.class);
    try {
      jobs.forEach(label -> chosen.add(BackfillJob.of(label)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, "--job: " + e.getMessage(), e);
    }
    return chosen;
  }
}
