package io.millrace.domain.event;

/** An event that cannot be used, with the reason in words a sender can act on. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  /** The id of the refused event where it could still be read, else null. */
  private final String eventId;

  public RefusedException(Refusal refusal, String message, String eventId) {
    // No stack trace: a refusal is an answer, and hostile input must not make it expensive.
    super(message, null, false, false);
    this.refusal = refusal;
    this.eventId = eventId;
  }

  /** The same refusal with the id of the event, where this one has none. */
  public RefusedException forEvent(String id) {
    return eventId != null || id == null ? this : new RefusedException(refusal, getMessage(), id);
  }

  public Refusal refusal() {
    return refusal;
  }

  public String eventId() {
    return eventId;
  }
}
