package io.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One command of a {@link AccessGroupCommand}. */
abstract class AccessCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParentCommand private AccessGroupCommand group;
  @Spec private CommandSpec spec;

  /** One that is about what belongs to a tenant. */
  abstract static class OfTenant extends AccessCommand {
    @Option(
        names = "--tenant",
        paramLabel = "T",
        defaultValue = LocalKeys.DEFAULT_TENANT,
        description = "Whose it is (default: ${DEFAULT-VALUE}).")
    String tenant;
  }

  AccessPlace place() {
    return group.place();
  }

  <T> T work(String what, AccessPlace.Work<T> work) throws IOException {
    return place().work(what, work);
  }

  /** Prints what the user asked for, and returns the exit code of success. */
  int print(Object json, String text) {
    RootCommand root = (RootCommand) spec.root().userObject();
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.println(
          root.output() == RootCommand.Output.JSON
              ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json)
              : text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + json + " as JSON", e);
    }
    out.flush();
    return ExitCode.OK.code();
  }
}
