package io.millrace.standalone.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command line in the test's own process, for tests of other packages. */
public final class TestCommands {
  private TestCommands() {}

  /** Runs a command and returns its exit code. */
  public static int run(StringWriter out, StringWriter err, String... words) {
    CommandLine line = CommandLines.create();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(words);
  }
}
