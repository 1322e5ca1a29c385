package io.millrace.standalone;

/** A failure that a user can act on: one sentence for people, one exit code for scripts. */
public final class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public PlatformException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public PlatformException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
