package io.millrace.domain.privacy;

/**
 * An event's bytes as they may be kept.
 *
 * @param bytes the sender's own where nothing had to go
 * @param changed whether anything but the address had to go
 * @param eventId the event's id where it has a usable one, else null
 * @param consent the event's field {@code consent}, or null
 */
public record Redacted(byte[] bytes, boolean changed, String eventId, String consent) {}
