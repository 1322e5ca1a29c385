package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.sql.Column;
import io.millrace.sql.ResultPrinter;
import io.millrace.sql.ResultPrinter.Formulas;
import io.millrace.sql.ShippedQuery;
import io.millrace.sql.SqlClient;
import io.millrace.sql.SqlException;
import io.millrace.sql.SqlParameter;
import io.millrace.sql.SqlRunner;
import io.millrace.sql.SqlScript;
import io.millrace.standalone.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace sql}: Flink SQL over the lake of the running platform. */
@Command(
    name = "sql",
    header = "Ask the lake in Flink SQL.",
    description = {
      "Runs Flink SQL over the lake and prints the rows.",
      "Statements may use parameters such as :tenant. Times are UTC."
    })
public final class SqlCommand implements Callable<Integer> {
  /** Whether a person looks at the output. */
  public enum Screen {
    TERMINAL,
    NONE
  }

  private static final int MAX_CELL_ON_A_TERMINAL = 60;

  private final SqlTarget.Source target;
  private final OutputStream out;
  private final Screen screen;
  private final Clock clock;

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description =
          "A value for :NAME: text, a number, or a time such as 2026-01-31, now or now-7d. Repeatable.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--format",
      paramLabel = "table|csv|json",
      converter = FormatConverter.class,
      description = "json is one object a line (default: table; json with --output json).")
  private ResultPrinter.Format format;

  @ParentCommand private RootCommand root;

  @Option(
      names = "--spreadsheet",
      description = "In CSV, put ' before text that a spreadsheet would run as a formula.")
  private boolean spreadsheet;

  @Option(
      names = "--write",
      description = "Allow statements that do more than read, such as INSERT, DELETE or DROP.")
  private boolean write;

  private static final class Source {
    @Option(
        names = {"-e", "--execute"},
        paramLabel = "SQL",
        description = "The statements, parted by ;")
    private String text;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "A file with the statements.")
    private Path file;

    @Option(
        names = "--query",
        paramLabel = "NAME",
        description = "A question that ships with Millrace; see --list.")
    private String query;

    @Option(names = "--list", description = "Shows the questions that ship with Millrace.")
    private boolean list;
  }

  /** Takes the names in small letters, as the help shows them. */
  private static final class FormatConverter implements ITypeConverter<ResultPrinter.Format> {
    @Override
    public ResultPrinter.Format convert(String name) {
      return switch (name) {
        case "table" -> ResultPrinter.Format.TABLE;
        case "csv" -> ResultPrinter.Format.CSV;
        case "json" -> ResultPrinter.Format.JSON;
        default ->
            throw new TypeConversionException(
                "\"" + name + "\" is no format; give table, csv or json");
      };
    }
  }

  /**
   * @param target asked for when a statement is about to run
   * @param out where results go, in UTF-8
   */
  public SqlCommand(SqlTarget.Source target, OutputStream out, Screen screen, Clock clock) {
    this.target = target;
    this.out = out;
    this.screen = screen;
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (source.list) {
        list();
        return ExitCode.OK.code();
      }
      SqlScript script = script();
      return run(script, target.find(), err);
    } catch (SqlException e) {
      err.println(e.getMessage());
      return ExitCode.REFUSED_INPUT.code();
    }
  }

  private SqlScript script() throws IOException {
    if (source.query != null) {
      return ShippedQuery.named(source.query).script();
    }
    if (source.text != null) {
      return SqlScript.parse(source.text);
    }
    try {
      return SqlScript.parse(Files.readString(source.file));
    } catch (IOException e) {
      String why =
          e instanceof NoSuchFileException
              ? "there is no such file"
              : e instanceof CharacterCodingException ? "it is not UTF-8 text" : e.getMessage();
      throw new SqlException("Cannot read %s: %s".formatted(source.file, why), why);
    }
  }

  private int run(SqlScript script, SqlTarget found, PrintWriter err)
      throws IOException, InterruptedException {
    SqlRunner.Access access = write ? SqlRunner.Access.WRITE : SqlRunner.Access.READ;
    SqlRunner.Checked checked = SqlRunner.check(script, access, parameters, found.usual(), clock);
    SqlProgress progress = new SqlProgress(err, screen);
    OutputStream clearing = progress.endingAtTheFirstByteOf(out);
    try (SqlClient client = SqlClient.open(found.gateway(), found.catalogStatement())) {
      // Ctrl-C must not leave a job running in the platform.
      Thread cancel = new Thread(client::close, "cancel-sql");
      Runtime.getRuntime().addShutdownHook(cancel);
      try {
        Optional<Instant> completeUpTo = found.completeness().upTo(); // asked first: it holds after
        checked.run(client, () -> printer(clearing), progress);
        progress.clear();
        completeUpTo.ifPresent(time -> err.println("Complete up to " + time));
      } finally {
        progress.clear();
        removeHook(cancel);
      }
      return ExitCode.OK.code();
    } catch (ConnectException | HttpConnectTimeoutException e) {
      err.println(
          "Cannot ask the SQL gateway at %s: it does not answer; start the platform with \"millrace up\""
              .formatted(found.gateway()));
      return ExitCode.NOT_RUNNING.code();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook runs right now.
    }
  }

  private ResultPrinter.Format format() {
    if (format != null) {
      return format;
    }
    return root.output() == RootCommand.Output.JSON
        ? ResultPrinter.Format.JSON
        : ResultPrinter.Format.TABLE;
  }

  private ResultPrinter printer(OutputStream to) {
    return switch (format()) {
      case TABLE -> ResultPrinter.table(to, screen == Screen.TERMINAL ? MAX_CELL_ON_A_TERMINAL : 0);
      case CSV -> ResultPrinter.csv(to, spreadsheet ? Formulas.DISARMED : Formulas.KEPT);
      case JSON -> ResultPrinter.json(to);
    };
  }

  private void list() throws IOException {
    ResultPrinter printer =
        format() == ResultPrinter.Format.TABLE ? ResultPrinter.table(out, 0) : printer(out);
    printer.columns(
        List.of(
            new Column("query", "VARCHAR", 0),
            new Column("question", "VARCHAR", 0),
            new Column("parameters", "VARCHAR", 0)));
    for (ShippedQuery query : ShippedQuery.questions()) {
      String names =
          query.script().parameters().stream()
              .map(SqlParameter::name)
              .collect(Collectors.joining(" "));
      printer.row(
          List.of(
              TextNode.valueOf(query.name()),
              TextNode.valueOf(query.question()),
              TextNode.valueOf(names)));
    }
    printer.finish();
  }
}
