package io.millrace.standalone.command;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a JSON schema. */
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
