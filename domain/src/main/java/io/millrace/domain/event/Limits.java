package io.millrace.domain.event;

import java.time.Duration;

/** What an event may be at most; every refusal names one of these. */
public final class Limits {
  public static final int MAX_EVENT_BYTES = 64 * 1024;
  public static final int MAX_EVENT_ID_LENGTH = 64;
  public static final int MAX_EVENT_TYPE_LENGTH = 64;
  public static final int MAX_VISITOR_ID_LENGTH = 128;

  /** In UTF-8; for names, texts and the page's URL. */
  public static final int MAX_TEXT_BYTES = 8 * 1024;

  /** In UTF-8; a longer user agent is cut, not refused. */
  public static final int MAX_USER_AGENT_BYTES = 1024;

  /** The event itself is level 1. */
  public static final int MAX_NESTING = 16;

  /** Fields of {@code properties} and unknown fields of the event together. */
  public static final int MAX_PROPERTIES = 256;

  /** As many digits as JSON parsers read by default, so that every later reader takes them. */
  public static final int MAX_NUMBER_LENGTH = 1000;

  /** A client's clock that is off by no more than this is trusted. */
  public static final Duration MAX_TRUSTED_SKEW = Duration.ofSeconds(10);

  /** How far ahead of its arrival an event may stand. */
  public static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  /** An event further ahead than {@link #MAX_AHEAD} is clamped, further than this it is refused. */
  public static final Duration MAX_CLAMPED_AHEAD = Duration.ofHours(24);

  public static final Duration MAX_ENGAGEMENT = Duration.ofHours(24);

  private Limits() {}
}
