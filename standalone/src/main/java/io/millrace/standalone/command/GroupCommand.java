package io.millrace.standalone.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has commands of its own, which work on who may send. */
abstract class GroupCommand implements Runnable {
  private final AccessPlace place;
  @Spec private CommandSpec spec;

  GroupCommand(AccessPlace place) {
    this.place = place;
  }

  AccessPlace place() {
    return place;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command is given; give one of " + spec.subcommands().keySet());
  }
}
