package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says all that is wrong with files that tenants have: those named, or those of a folder. */
abstract class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files to check (default: those of the data folder).")
  private List<Path> files = new ArrayList<>();

  /** What was found in one file; as JSON, all that the record has. */
  interface CheckedFile {
    String file();

    /** Each with its line, its value and what is allowed. */
    List<String> problems();

    /** What a file without problems has. */
    String contents();
  }

  abstract Path folder();

  abstract List<Path> files(Path folder) throws IOException;

  abstract CheckedFile check(Path file);

  @Override
  public final Integer call() throws IOException {
    List<CheckedFile> checked = new ArrayList<>();
    for (Path file : files.isEmpty() ? files(folder()) : files) {
      checked.add(check(file));
    }
    PrintWriter out = spec.commandLine().getOut();
    RootCommand root = (RootCommand) spec.root().userObject();
    if (root.output() == RootCommand.Output.JSON) {
      out.println(new ObjectMapper().writeValueAsString(checked));
    } else if (checked.isEmpty()) {
      out.println("There are no files in " + folder());
    } else {
      checked.forEach(one -> out.println(text(one)));
    }
    out.flush();
    boolean usable = checked.stream().allMatch(one -> one.problems().isEmpty());
    return (usable ? ExitCode.OK : ExitCode.REFUSED_INPUT).code();
  }

  private static String text(CheckedFile one) {
    String separator = System.lineSeparator() + "       ";
    return one.problems().isEmpty()
        ? "ok     " + one.file() + ": " + one.contents()
        : "WRONG  " + one.file() + separator + String.join(separator, one.problems());
  }
}
