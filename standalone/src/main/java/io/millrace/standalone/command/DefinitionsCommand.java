package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.InvalidDefinitionsException;
import io.millrace.jobs.conversions.DefinitionsFolder;
import io.millrace.standalone.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace definitions}: the tenants' goals and funnels, before the pipeline gets them. */
@Command(
    name = "definitions",
    header = "Check files of goals and funnels.",
    description =
        "A tenant's goals and funnels are config/definitions/<tenant>.yaml in the data folder. A"
            + " running pipeline takes a changed file within seconds; one that cannot be used it"
            + " leaves aside, and keeps what it had.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DefinitionsCommand.Check.class, DefinitionsCommand.PrintSchema.class})
final class DefinitionsCommand extends GroupCommand {
  @ParentCommand private RootCommand root;

  /**
   * What was found in one file.
   *
   * @param version null where there are problems
   * @param problems each with its line, its value and what is allowed
   */
  record Checked(
      String file,
      String version,
      List<String> goals,
      List<String> funnels,
      List<String> problems) {
    static Checked of(Path file) {
      String name = file.getFileName().toString();
      try {
        Definitions read = Definitions.parse(name, DefinitionsFolder.text(file));
        return new Checked(
            file.toString(), read.version(), read.goalNames(), read.funnelNames(), List.of());
      } catch (InvalidDefinitionsException e) {
        return wrong(file, e.problems());
      } catch (NoSuchFileException e) {
        return wrong(file, List.of(name + ": there is no such file"));
      }
    }

    private static Checked wrong(Path file, List<String> problems) {
      return new Checked(file.toString(), null, List.of(), List.of(), problems);
    }

    String text() {
      if (!problems.isEmpty()) {
        return "WRONG  "
            + file
            + System.lineSeparator()
            + "       "
            + String.join(System.lineSeparator() + "       ", problems);
      }
      return "ok     "
          + file
          + ": goals "
          + goals
          + ", funnels "
          + funnels
          + ", version "
          + version;
    }
  }

  @Command(
      name = "check",
      header = "Say all that is wrong with files of goals and funnels.",
      description = "Exit code 6 when one of them cannot be used. Nothing needs to run.")
  static final class Check implements Callable<Integer> {
    @ParentCommand private DefinitionsCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..*",
        description = "Files to check (default: those of the data folder).")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      List<Checked> checked = new ArrayList<>();
      for (Path file : files.isEmpty() ? DefinitionsFolder.files(folder()) : files) {
        checked.add(Checked.of(file));
      }
      PrintWriter out = spec.commandLine().getOut();
      if (parent.root.output() == RootCommand.Output.JSON) {
        out.println(new ObjectMapper().writeValueAsString(checked));
      } else if (checked.isEmpty()) {
        out.println("There are no files in " + folder());
      } else {
        checked.forEach(one -> out.println(one.text()));
      }
      out.flush();
      boolean usable = checked.stream().allMatch(one -> one.problems().isEmpty());
      return (usable ? ExitCode.OK : ExitCode.REFUSED_INPUT).code();
    }

    private Path folder() {
      return parent.root.folder().config().resolve("definitions");
    }
  }

  @Command(name = "schema", header = "Print the JSON schema of such a file, for editors.")
  static final class PrintSchema implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      out.println(Definitions.schema());
      out.flush();
    }
  }
}
