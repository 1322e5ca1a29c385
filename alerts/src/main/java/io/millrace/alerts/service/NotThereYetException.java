package io.millrace.alerts.service;

/** Something that others make is missing still. */
final class NotThereYetException extends Exception {
  private static final long serialVersionUID = 1L;

  NotThereYetException(String what) {
    super(what);
  }
}
