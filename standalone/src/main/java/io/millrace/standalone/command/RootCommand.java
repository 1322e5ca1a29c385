package io.millrace.standalone.command;

import io.millrace.standalone.DataFolder;
import io.millrace.standalone.Version;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What all commands share. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = RootCommand.BuildVersion.class,
    header =
        "Real-time behavioural analytics: events in, sessions and metrics out, as open tables.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    commandListHeading = "%nCommands:%n")
public final class RootCommand implements Runnable {
  /** How results are printed. */
  public enum Output {
    TEXT,
    JSON
  }

  /** Asks the build for the version. */
  static final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"millrace " + Version.current()};
    }
  }

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "Folder of all data (default: $MILLRACE_DATA, else millrace in your data home).")
  private Path data;

  @Option(
      names = "--output",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private Output output = Output.TEXT;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show where a failure comes from.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  /** The chosen folder, or the default one. */
  public DataFolder folder() {
    return new DataFolder(
        data != null
            ? data
            : DataFolder.defaultPath(System.getenv(), System.getProperty("user.home")));
  }

  /** The chosen folder, or the default one with {@code -demo} behind its name. */
  DataFolder demoFolder() {
    if (data != null) {
      return new DataFolder(data);
    }
    Path usual = folder().path();
    return new DataFolder(usual.resolveSibling(usual.getFileName() + "-demo"));
  }

  public Output output() {
    return output;
  }

  public boolean isVerbose() {
    return verbose;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command is given; give one of " + spec.subcommands().keySet());
  }
}
