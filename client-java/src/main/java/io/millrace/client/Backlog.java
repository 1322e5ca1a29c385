package io.millrace.client;

import java.io.IOException;
import java.util.List;

/** Events that wait, oldest first; one leaves only when it is known what became of it. */
interface Backlog {
  boolean isEmpty();

  /**
   * The oldest events, as many as go into one request, at least one if there is any.
   *
   * @param maxBytes of their JSON with a comma each
   */
  List<QueuedEvent> peek(int maxEvents, int maxBytes) throws IOException;

  /** Removes that many of the oldest. */
  void remove(int events) throws IOException;
}
