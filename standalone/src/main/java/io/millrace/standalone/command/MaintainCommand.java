package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LakeLock;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.maintenance.Maintenance;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace maintain}: keep the lake's tables fast to read. */
@Command(
    name = "maintain",
    header = "Compact the tables of the lake and expire their old snapshots.",
    description = {
      "Makes few large files of many small ones, applies deletes, and removes snapshots that nobody"
          + " needs. No row changes. It may run beside the pipeline and be killed at any time.",
      "\"millrace up\" does it every hour: each commit adds files, and what readers pay for is files."
    })
public final class MaintainCommand implements Callable<Integer> {
  /** A query that began before reads the files of its snapshot until it ends. */
  private static final Duration LEAST_KEPT = Duration.ofMinutes(10);

  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--table",
      paramLabel = "T",
      description = "Maintain this table only, such as sessions; repeatable (default: all).")
  private List<String> tables = List.of();

  @Option(
      names = "--expire-before",
      paramLabel = "TIME",
      defaultValue = "now-1d",
      description =
          "Remove snapshots made before this time (default: ${DEFAULT-VALUE}). The pipeline's last"
              + " one always stays.")
  private String expireBefore;

  public MaintainCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    long before = TimeOption.millis(spec.commandLine(), "--expire-before", expireBefore, clock);
    if (before > clock.millis() - LEAST_KEPT.toMillis()) {
      throw new ParameterException(
          spec.commandLine(),
          "--expire-before is %s; give a time at least %d minutes ago, since queries still read the snapshots of these"
              .formatted(expireBefore, LEAST_KEPT.toMinutes()));
    }
    RunningPlatform running = RunningPlatform.require(root.folder());

    boolean asJson = root.output() == RootCommand.Output.JSON;
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (LakeLock lock = LakeLock.take(root.folder(), "maintain the tables")) {
      List<Maintenance.Report> reports =
          new Maintenance(
                  running.lake().catalog(),
                  words -> {
                    if (!asJson) {
                      err.println(words);
                      err.flush();
                    }
                  })
              .run(tables, before);
      out.println(asJson ? new ObjectMapper().writeValueAsString(reports) : text(reports));
      out.flush();
    }
    return ExitCode.OK.code();
  }

  private static String text(List<Maintenance.Report> reports) {
    TextTable text = new TextTable("table", "data files", "delete files", "snapshots expired", "");
    for (Maintenance.Report report : reports) {
      text.row(
          report.table(),
          report.filesBefore() + " -> " + report.filesAfter(),
          report.deletesBefore() + " -> " + report.deletesAfter(),
          Integer.toString(report.snapshotsExpired()),
          report.overtaken() == 0
              ? ""
              : report.overtaken() + " groups changed meanwhile; the next run takes them");
    }
    return text.toString();
  }
}
