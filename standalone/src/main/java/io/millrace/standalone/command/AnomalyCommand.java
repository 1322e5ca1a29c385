package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.anomaly.FileScoring;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace anomaly}: the scorer of the pipeline, over series in files. */
@Command(
    name = "anomaly",
    header = "Score series for anomalies, your own or those of the lake.",
    description = "The very scorer of the pipeline. It judges each point by those before it alone.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AnomalyCommand.Score.class, AnomalyBacktestCommand.class})
final class AnomalyCommand extends GroupCommand {
  @ParentCommand private RootCommand root;

  RootCommand root() {
    return root;
  }

  @Command(
      name = "score",
      header = "Write an anomaly score for each row of CSV files.",
      description = {
        "A file has a header, timestamps in UTC and values: timestamp,value. Its result has the"
            + " same name below DIR: timestamp,value,anomaly_score, row by row. The score is 0 to"
            + " 1; from 0.5 on a row is an alarm, one for each event.",
        "What is known of the series makes the scores better: --meta names a CSV file with the"
            + " columns series,metric,type,cadence_min,tz,holidays. series is the file's name;"
            + " type is count, ratio, money or gauge; holidays are dates of the zone with spaces"
            + " between. Any but series may be empty. A series with a type is learned for two"
            + " weeks before it alarms, others for 150 rows."
      })
  static final class Score implements Callable<Integer> {
    @ParentCommand private AnomalyCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "CSV files, or folders of them; .gz too.")
    private List<Path> files;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "DIR",
        description = "Folder for the results.")
    private Path out;

    @Option(
        names = "--meta",
        paramLabel = "FILE",
        description = "What is known of the series (default: it is found out or assumed).")
    private Path meta;

    @Override
    public Integer call() throws IOException {
      FileScoring.Report report = FileScoring.score(files, out, meta);
      PrintWriter printer = spec.commandLine().getOut();
      if (parent.root.output() == RootCommand.Output.JSON) {
        printer.println(new ObjectMapper().writeValueAsString(report));
      } else {
        List<Map.Entry<String, String>> rows =
            report.files().stream()
                .map(file -> Map.entry(file.file(), file.rows() + " rows, " + said(file.alarms())))
                .toList();
        printer.println(CommandLines.table(rows));
        printer.println(
            report.rows()
                + " rows of "
                + report.files().size()
                + " series scored by "
                + report.model()
                + ", "
                + report.alarms()
                + " alarms; scores are in "
                + out);
      }
      printer.flush();
      return ExitCode.OK.code();
    }

    private static String said(List<String> alarms) {
      int shown = Math.min(3, alarms.size());
      String some = String.join(", ", alarms.subList(0, shown));
      return switch (alarms.size()) {
        case 0 -> "no alarm";
        case 1 -> "1 alarm: " + some;
        default -> alarms.size() + " alarms: " + some + (alarms.size() > shown ? " …" : "");
      };
    }
  }
}
