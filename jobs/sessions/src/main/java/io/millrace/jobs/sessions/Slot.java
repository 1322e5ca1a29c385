package io.millrace.jobs.sessions;

/** One session of a visitor in the cache: its bounds, and its content once that has been read. */
final class Slot {
  /** The lake has not got the session's latest content yet. */
  static final byte PENDING = 1;

  /**
   * The last event came when the watermark had passed the session's end: wait for quiet, not for
   * the watermark.
   */
  static final byte LATE = 2;

  final int number;
  long startedAt;
  long endedAt;
  long touchedAt;
  byte status;

  /** Null until read from state. */
  StoredSession stored;

  /** Whether {@link #stored} differs from state. */
  boolean dirty;

  /** Whether another session has taken this one in. */
  boolean joined;

  int weightBytes;

  Slot(int number) {
    this.number = number;
  }

  boolean pending() {
    return (status & PENDING) != 0;
  }

  boolean late() {
    return (status & LATE) != 0;
  }
}
