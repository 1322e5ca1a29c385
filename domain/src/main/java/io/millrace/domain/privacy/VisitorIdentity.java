package io.millrace.domain.privacy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who a visitor is. */
public enum VisitorIdentity {
  /** Whom the event's {@code visitorId} names. */
  @JsonProperty("client")
  CLIENT,

  /**
   * Whom address, user agent and site show, hashed with a salt of the day; the sender's own {@code
   * visitorId} and {@code sessionId} are dropped.
   */
  @JsonProperty("cookieless")
  COOKIELESS
}
