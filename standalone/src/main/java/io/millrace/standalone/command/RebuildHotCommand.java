package io.millrace.standalone.command;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.backfill.HotRebuild;
import io.millrace.standalone.backfill.Recomputation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace rebuild-hot}: fill the hot store from the lake. */
@Command(
    name = "rebuild-hot",
    header = "Fill an emptied hot store (Redis) from the lake.",
    description = {
      "Writes the minutes, sessions and conversions of the last 48 hours, and the anomalies of the last"
          + " eight days. Values that the running platform has written since the lake's last commit"
          + " are newer and stay."
    })
public final class RebuildHotCommand implements Callable<Integer> {
  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Rebuild this tenant only; repeatable (default: all).")
  private List<String> tenants = List.of();

  public RebuildHotCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    RunningPlatform running = RunningPlatform.require(root.folder());

    Recomputing recomputing = new Recomputing(root, line);
    try (Recomputation recomputation =
        Recomputation.open(running, root.folder(), clock, recomputing.progress())) {
      HotRebuild.Report report = recomputation.rebuildHot(Set.copyOf(tenants));
      recomputing.print(
          report,
          String.format(
              Locale.ROOT,
              "From %,d events since %s: %,d values of minutes and quarters, %,d of sessions, %,d of"
                  + " conversions; %,d anomalies of eight days.",
              report.events(),
              Instant.ofEpochMilli(report.from()),
              report.minutes(),
              report.sessions(),
              report.conversions(),
              report.anomalies()));
      return ExitCode.OK.code();
    }
  }
}
