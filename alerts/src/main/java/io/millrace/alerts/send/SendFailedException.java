package io.millrace.alerts.send;

import java.time.Duration;

/** A message has not arrived, as far as we know; says why, without anything secret. */
public final class SendFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  public SendFailedException(String reason) {
    this(reason, Duration.ZERO);
  }

  SendFailedException(String reason, Duration retryAfter) {
    super(reason);
    this.retryAfter = retryAfter;
  }

  /** How long the receiver asks to wait; zero where it does not. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
