package io.millrace.sql;

import java.time.Duration;

/** Is told again and again that a statement still runs, so that a person can be told too. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (elapsed, rows) -> {};

  void running(Duration elapsed, long rows);
}
