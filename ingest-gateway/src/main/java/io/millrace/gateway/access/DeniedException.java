package io.millrace.gateway.access;

/** A request that is turned away, with the reason in words its sender can act on. */
public final class DeniedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Denial denial;

  DeniedException(Denial denial, String detail) {
    // No stack trace: it is an answer, and abuse must not make it expensive.
    super(detail, null, false, false);
    this.denial = denial;
  }

  public Denial denial() {
    return denial;
  }
}
