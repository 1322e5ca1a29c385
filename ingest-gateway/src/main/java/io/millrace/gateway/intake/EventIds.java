package io.millrace.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.millrace.domain.event.Limits;
import java.util.UUID;

/** Ids for events whose senders give none, or one that is too long. */
public final class EventIds {
  private static final int KEPT_DIGITS = 40;

  private EventIds() {}

  /** The same content has the same id, so that what is sent twice is counted once. */
  public static String ofContent(String content) {
    return "c-" + Hashing.sha256().hashString(content, UTF_8).toString().substring(0, KEPT_DIGITS);
  }

  /** For an event whose content says no time: two of them may well be two. */
  public static String random() {
    return UUID.randomUUID().toString();
  }

  /** A sender's id, or one derived from it where it is longer than an event's may be. */
  public static String fitting(String given) {
    return given.length() <= Limits.MAX_EVENT_ID_LENGTH ? given : ofContent(given);
  }
}
