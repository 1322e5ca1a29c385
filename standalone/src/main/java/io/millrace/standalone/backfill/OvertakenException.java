package io.millrace.standalone.backfill;

/** Main has changed in a way that leaves open which of its rows are still those compared. */
public final class OvertakenException extends Exception {
  private static final long serialVersionUID = 1L;

  OvertakenException(String message) {
    super(message);
  }

  OvertakenException(String message, Throwable cause) {
    super(message, cause);
  }
}
