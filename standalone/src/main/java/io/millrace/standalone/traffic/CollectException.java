package io.millrace.standalone.traffic;

/** Sending has to stop: the gateway is out of reach, or takes nothing from this sender. */
public final class CollectException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What would have to change for the same events to be taken. */
  public enum Kind {
    /** No answer, or only "not now", for longer than the client waits. */
    GATEWAY_AWAY,
    /** The gateway refuses the sender, whatever it sends. */
    SENDER_REFUSED
  }

  private final Kind kind;

  CollectException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
