package io.millrace.client;

/** Why the client itself did not take an event. */
public enum DropReason {
  /** As many events, or bytes of them, wait as may; the newest is dropped. */
  QUEUE_FULL("queue_full"),
  /** It is null, or holds what JSON cannot; all else is for the gateway to judge. */
  INVALID_EVENT("invalid_event"),
  /** It has more bytes than the gateway takes. */
  EVENT_TOO_LARGE("event_too_large"),
  /** It came after {@code close}; it is only counted. */
  CLIENT_CLOSED("client_closed");

  private final String code;

  DropReason(String code) {
    this.code = code;
  }

  /** The stable code, in the form of the gateway's. */
  public String code() {
    return code;
  }
}
