package io.millrace.client;

/**
 * Hears what happens to events after {@link MillraceClient#track} has returned. It is called by the
 * client's own thread, which sends nothing meanwhile; what it throws is logged.
 */
public interface ClientListener {
  /** A listener that ignores everything. */
  ClientListener NONE = new ClientListener() {};

  /**
   * An event was refused, by the gateway or here. Between two requests at most 1,000 events that
   * were dropped here are told one by one; {@link ClientStats} counts all.
   */
  default void refused(RefusedEvent event) {}

  /** The gateway is away, or does not take the write key: until further notice events wait. */
  default void circuitOpened(String reason) {}

  /** The gateway takes events again. */
  default void circuitClosed() {}
}
