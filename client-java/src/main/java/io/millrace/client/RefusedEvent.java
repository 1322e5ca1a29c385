package io.millrace.client;

/**
 * An event that will not be stored.
 *
 * @param eventId null where the event has none
 * @param code of a {@link DropReason} or of the gateway; stable, for programs
 * @param message what is wrong, with the value, and what is allowed
 */
public record RefusedEvent(String eventId, String code, String message) {}
