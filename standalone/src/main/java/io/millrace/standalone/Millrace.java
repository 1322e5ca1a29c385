package io.millrace.standalone;

import io.millrace.standalone.command.CommandLines;

/** Entry point of the {@code millrace} command. */
public final class Millrace {
  private Millrace() {}

  public static void main(String[] words) {
    System.exit(CommandLines.run(words));
  }
}
