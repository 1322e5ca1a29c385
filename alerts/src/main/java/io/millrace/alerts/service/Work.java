package io.millrace.alerts.service;

import java.time.Duration;

/** What is done again and again, from what it needs for that: connections, and what was kept. */
interface Work extends AutoCloseable {
  /** Opens what is needed. */
  @FunctionalInterface
  interface Opening {
    Work open() throws Exception;
  }

  /** Does what there is to do, and returns how long to wait before the next step. */
  Duration step() throws Exception;

  @Override
  void close() throws Exception;
}
