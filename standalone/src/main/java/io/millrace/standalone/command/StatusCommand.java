package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.RunningPlatform;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says how the running platform is. */
@Command(
    name = "status",
    header = "Say how everything is that runs on the data folder.",
    description =
        "Exit code 0: all is well; 1: a part does not answer or the pipeline does not"
            + " run; 3: nothing is running.")
public final class StatusCommand implements Callable<Integer> {
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(names = "--no-tables", description = "Leave out the rows of the tables; faster.")
  private boolean noTables;

  @Override
  public Integer call() throws Exception {
    RunningPlatform running = RunningPlatform.require(root.folder());
    PlatformStatus status = new PlatformProbe(running, Clock.systemUTC()).look(!noTables);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        root.output() == RootCommand.Output.JSON
            ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(status)
            : text(running, status));
    out.flush();
    return (status.healthy() ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
  }

  static String text(RunningPlatform running, PlatformStatus status) {
    List<Map.Entry<String, String>> rows = new ArrayList<>();
    rows.add(Map.entry("process", running.pid() + ", since " + running.startedAt()));
    for (PlatformStatus.Part part : status.parts()) {
      rows.add(
          Map.entry(
              part.name(),
              part.answers() ? "ok       " + part.address() : "NO ANSWER " + part.problem()));
    }
    PlatformStatus.Job job = status.pipeline();
    if (job != null) {
      rows.add(Map.entry("pipeline", job.state() + "  job " + job.id()));
      rows.add(
          Map.entry(
              "checkpoint",
              job.lastCheckpointAgeMs() == null
                  ? "none yet"
                  : job.checkpoints()
                      + " done, the last "
                      + job.lastCheckpointAgeMs() / 1000
                      + " s ago"));
    }
    if (status.eventsInKafka() != null) {
      rows.add(
          Map.entry(
              "events.raw",
              status.eventsInKafka()
                  + " records, "
                  + (status.eventsNotYetCommitted() == null
                      ? "no commit of the pipeline yet"
                      : status.eventsNotYetCommitted() + " not yet in a checkpoint")));
    }
    rows.add(
        Map.entry(
            "complete up to",
            status.completeUpTo() == null
                ? "no minute is complete yet"
                : status.completeUpTo() + ": the lake accounts for all that had arrived by then"));
    status
        .tableRows()
        .forEach((table, count) -> rows.add(Map.entry("lake." + table, count + " rows")));
    return CommandLines.table(rows);
  }
}
