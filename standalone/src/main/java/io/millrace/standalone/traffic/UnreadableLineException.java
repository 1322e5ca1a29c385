package io.millrace.standalone.traffic;

/** A line that is not what its file should hold; the message says what is wrong with it. */
final class UnreadableLineException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableLineException(String message) {
    // No stack trace: a file may hold nothing but such lines.
    super(message, null, false, false);
  }
}
