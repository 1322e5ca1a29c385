package io.millrace.domain.catalogue;

import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;

/**
 * What the catalogue has against an event.
 *
 * @param refusal {@link Refusal#UNKNOWN_EVENT_TYPE} or {@link Refusal#PROPERTY_INVALID}
 * @param message what is wrong, with the value, and what is allowed
 */
public record Finding(Refusal refusal, String message) {

  /** The same as a refusal, for tenants in strict mode. */
  public RefusedException asRefused(String eventId) {
    return new RefusedException(refusal, message, eventId);
  }
}
