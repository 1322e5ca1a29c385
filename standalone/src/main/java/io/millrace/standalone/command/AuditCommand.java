package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.audit.Audit;
import io.millrace.standalone.audit.AuditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace audit}: do the numbers hold? */
@Command(
    name = "audit",
    header = "Check that nothing is lost, doubled or wrong.",
    description = {
      "Every offset of events.raw must be a stored event, a duplicate, a dead letter or a heartbeat;"
          + " no event may stand twice; sessions and metrics must equal a recomputation from the"
          + " events; the hot store must say of the last two days what the lake says.",
      "Ends with exit code 1 and the first rows that are wrong when something does not hold."
    })
public final class AuditCommand implements Callable<Integer> {
  private final Clock clock;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Check the events of this tenant only; offsets are always checked for all.")
  private String tenant;

  @Option(
      names = "--closed-before",
      paramLabel = "TIME",
      description =
          "Check sessions and windows that ended before this time, such as now-40m or"
              + " 2026-01-31T12:00:00Z (default: those that must be closed by now).")
  private String closedBefore;

  public AuditCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunningPlatform running = RunningPlatform.require(root.folder());
    Map<String, String> parameters = new HashMap<>();
    if (tenant != null) {
      parameters.put("tenant", tenant);
    }
    if (closedBefore != null) {
      parameters.put("closed_before", closedBefore);
    }

    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean asJson = root.output() == RootCommand.Output.JSON;
    AuditReport report =
        new Audit(
                running,
                clock,
                parameters,
                what -> {
                  if (!asJson) {
                    err.println("Checking " + what + " ...");
                    err.flush();
                  }
                })
            .run();
    if (asJson) {
      out.println(new ObjectMapper().writeValueAsString(report));
    } else {
      print(report, out);
    }
    out.flush();
    return (report.holds() ? ExitCode.OK : ExitCode.FOUND_WRONG).code();
  }

  static void print(AuditReport report, PrintWriter out) {
    for (AuditReport.Partition partition : report.partitions()) {
      out.printf(
          Locale.ROOT,
          "%-6s events.raw partition %d: %,d offsets = %,d stored + %,d duplicates + %,d dead letters"
              + " + %,d heartbeats%s%s%n",
          partition.holds() ? "ok" : "WRONG",
          partition.partition(),
          partition.to() - partition.from(),
          partition.stored(),
          partition.duplicates(),
          partition.deadLetters(),
          partition.heartbeats(),
          unless(partition.unverifiable(), " + %,d that Kafka no longer has"),
          unless(partition.missing(), " + %,d MISSING"));
      partition.examples().forEach(example -> out.println("         missing: " + example));
    }
    for (AuditReport.Check check : report.checks()) {
      boolean holds = check.violations() == 0;
      out.printf(Locale.ROOT, "%-6s %s: %s%n", holds ? "ok" : "WRONG", check.name(), check.rule());
      if (!holds) {
        out.printf(Locale.ROOT, "         %,d rows break it, the first:%n", check.violations());
        for (List<JsonNode> row : check.examples()) {
          out.println("         " + words(check.columns(), row));
        }
      }
    }
    out.println(
        report.holds()
            ? "Everything holds."
            : "Not everything holds: see the lines that begin with WRONG.");
  }

  private static String unless(long zero, String format) {
    return zero == 0 ? "" : String.format(Locale.ROOT, format, zero);
  }

  private static String words(List<String> columns, List<JsonNode> row) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      words
          .append(i == 0 ? "" : ", ")
          .append(columns.get(i))
          .append(' ')
          .append(row.get(i).asText());
    }
    return words.toString();
  }
}
