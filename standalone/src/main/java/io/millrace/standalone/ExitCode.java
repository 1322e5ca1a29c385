package io.millrace.standalone;

/** What the exit code of a command tells a script; the numbers are a promise. */
public enum ExitCode {
  OK(0, "done"),
  FOUND_WRONG(1, "a check found something wrong"),
  USAGE(2, "the command line is not understood"),
  NOT_RUNNING(3, "no platform is running on this data folder"),
  ALREADY_RUNNING(4, "a platform is already running on this data folder"),
  ENVIRONMENT(
      5, "this machine cannot do it: port taken, disk full, folder not writable, Java too old"),
  REFUSED_INPUT(6, "the input was refused"),
  INTERNAL(70, "a fault in Millrace");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}
