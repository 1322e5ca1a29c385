package io.millrace.standalone.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a JSON schema. */
@Command(name = "schema", header = "Print the JSON schema of such a file, for editors.")
abstract class SchemaCommand implements Runnable {
  @Spec private CommandSpec spec;

  abstract String schema();

  @Override
  public final void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(schema());
    out.flush();
  }
}
