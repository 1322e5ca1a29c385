package io.millrace.standalone.command;

/** A command whose commands work on who may send. */
abstract class AccessGroupCommand extends GroupCommand {
  private final AccessPlace place;

  AccessGroupCommand(AccessPlace place) {
    this.place = place;
  }

  AccessPlace place() {
    return place;
  }
}
