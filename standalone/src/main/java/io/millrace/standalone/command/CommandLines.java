package io.millrace.standalone.command;

import io.millrace.alerts.AlertsDatabase;
import io.millrace.gateway.access.DnsTxtResolver;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.audit.Freshness;
import io.millrace.standalone.traffic.KeySource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command line: every command, and how failures become one sentence and an exit code. */
public final class CommandLines {
  private CommandLines() {}

  /** Runs the command that the words name and returns the exit code. */
  public static int run(String... words) {
    return create().execute(words);
  }

  static CommandLine create() {
    RootCommand root = new RootCommand();
    return create(
        root,
        new AccessPlace(
            () -> running(root).access(),
            () -> root.folder().config(),
            new DnsTxtResolver(),
            Clock.systemUTC()));
  }

  static CommandLine create(RootCommand root, AccessPlace access) {
    return create(root, access, () -> running(root).alerts());
  }

  static CommandLine create(RootCommand root, AccessPlace access, Supplier<AlertsDatabase> alerts) {
    Clock clock = Clock.systemUTC();
    Supplier<URI> gateway = () -> running(root).gateway();
    KeySource keys = new RunningKeys(root::folder);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    SqlCommand.Screen screen =
        System.console() == null ? SqlCommand.Screen.NONE : SqlCommand.Screen.TERMINAL;

    CommandLine line = new CommandLine(root);
    line.addSubcommand(new UpCommand());
    line.addSubcommand(new DemoCommand(clock));
    line.addSubcommand(new ReplayCommand(gateway, keys, clock));
    line.addSubcommand(new SendCommand(gateway, keys, System.in, clock));
    line.addSubcommand(new PageCommand());
    line.addSubcommand(new SqlCommand(() -> sqlTarget(running(root)), out, screen, clock));
    line.addSubcommand(new AuditCommand(clock));
    line.addSubcommand(new BackfillCommand(clock));
    line.addSubcommand(new RestateCommand(clock));
    line.addSubcommand(new RebuildHotCommand(clock));
    line.addSubcommand(new MaintainCommand(clock));
    line.addSubcommand(new StatusCommand());
    line.addSubcommand(new StopCommand());
    line.addSubcommand(new TenantCommand(access));
    line.addSubcommand(new KeyCommand(access));
    line.addSubcommand(new DomainCommand(access));
    line.addSubcommand(new DefinitionsCommand());
    line.addSubcommand(new AnomalyCommand());
    line.addSubcommand(new AlertsCommand(alerts, clock));
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setParameterExceptionHandler(CommandLines::explainUsage);
    line.setExecutionExceptionHandler(CommandLines::explainFailure);
    return line;
  }

  private static RunningPlatform running(RootCommand root) {
    try {
      return RunningPlatform.require(root.folder());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read where the platform is", e);
    }
  }

  private static SqlTarget sqlTarget(RunningPlatform running) {
    return new SqlTarget(
        running.sql(),
        running.lake().catalog().createCatalogSql(),
        Map.of("tenant", LocalKeys.DEFAULT_TENANT),
        () -> Freshness.completeUpTo(running.lake().catalog(), Clock.systemUTC()));
  }

  private static int explainUsage(CommandLine.ParameterException failure, String[] words) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("millrace: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try \"" + line.getCommandSpec().qualifiedName() + " --help\".");
    err.flush();
    return ExitCode.USAGE.code();
  }

  private static int explainFailure(
      Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    RootCommand root = line.getCommandSpec().root().commandLine().getCommand();
    PrintWriter err = line.getErr();
    ExitCode code;
    if (failure instanceof PlatformException known) {
      code = known.exitCode();
      err.println("millrace: " + known.getMessage());
    } else {
      code = ExitCode.INTERNAL;
      err.println(
          "millrace: a fault in Millrace: "
              + failure
              + (root.isVerbose() ? "" : "; add -v for the details"));
    }
    if (root.isVerbose()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code.code();
  }

  private static Map<String, String> exitCodes() {
    return Stream.of(ExitCode.values())
        .collect(
            Collectors.toMap(
                code -> Integer.toString(code.code()),
                ExitCode::meaning,
                (first, second) -> first,
                LinkedHashMap::new));
  }

  /** A left-aligned table with a column of names. */
  static String table(List<Map.Entry<String, String>> rows) {
    int width = rows.stream().mapToInt(row -> row.getKey().length()).max().orElse(0);
    Function<Map.Entry<String, String>, String> line =
        row -> "  " + row.getKey() + " ".repeat(width - row.getKey().length() + 2) + row.getValue();
    return rows.stream().map(line).collect(Collectors.joining(System.lineSeparator()));
  }
}
