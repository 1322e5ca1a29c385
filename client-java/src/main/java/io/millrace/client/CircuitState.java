package io.millrace.client;

/** Whether the client believes that the gateway takes events. */
public enum CircuitState {
  CLOSED,
  /** Events wait; from time to time one is sent to see whether the gateway is back. */
  OPEN
}
