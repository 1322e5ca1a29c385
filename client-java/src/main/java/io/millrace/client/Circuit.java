package io.millrace.client;

/**
 * Opens after some failures in a row, or at once when the gateway denies us; one success closes.
 */
final class Circuit {
  private final int failuresToOpen;
  private int failures;
  private volatile CircuitState state = CircuitState.CLOSED;

  Circuit(int failuresToOpen) {
    this.failuresToOpen = failuresToOpen;
  }

  CircuitState state() {
    return state;
  }

  boolean isOpen() {
    return state == CircuitState.OPEN;
  }

  /** Failures in a row. */
  int failures() {
    return failures;
  }

  /** Counts a failure; true if this one opens the circuit. */
  boolean failed() {
    failures++;
    return failures >= failuresToOpen && open();
  }

  /** Counts a failure that waiting alone will not mend; true if it opens the circuit. */
  boolean denied() {
    failures++;
    return open();
  }

  private boolean open() {
    boolean opens = !isOpen();
    state = CircuitState.OPEN;
    return opens;
  }

  /** True if this closes the circuit. */
  boolean succeeded() {
    boolean closes = isOpen();
    failures = 0;
    state = CircuitState.CLOSED;
    return closes;
  }
}
