package io.millrace.alerts.service;

/** A record of the topics that says nothing which can be understood. */
final class UnusableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableRecordException(String reason) {
    super(reason);
  }
}
