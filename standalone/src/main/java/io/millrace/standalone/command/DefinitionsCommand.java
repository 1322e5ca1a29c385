package io.millrace.standalone.command;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.InvalidDefinitionsException;
import io.millrace.jobs.conversions.DefinitionsFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

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
   */
  record Checked(
      String file, String version, List<String> goals, List<String> funnels, List<String> problems)
      implements CheckCommand.CheckedFile {
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

    @Override
    public String contents() {
      return "goals " + goals + ", funnels " + funnels + ", version " + version;
    }
  }

  @Command(
      name = "check",
      header = "Say all that is wrong with files of goals and funnels.",
      description = "Exit code 6 when one of them cannot be used. Nothing needs to run.")
  static final class Check extends CheckCommand {
    @ParentCommand private DefinitionsCommand parent;

    @Override
    Path folder() {
      return parent.root.folder().config().resolve("definitions");
    }

    @Override
    List<Path> files(Path folder) throws IOException {
      return DefinitionsFolder.files(folder);
    }

    @Override
    CheckedFile check(Path file) {
      return Checked.of(file);
    }
  }

  @Command(name = "schema", header = "Print the JSON schema of such a file, for editors.")
  static final class PrintSchema extends SchemaCommand {
    @Override
    String schema() {
      return Definitions.schema();
    }
  }
}
