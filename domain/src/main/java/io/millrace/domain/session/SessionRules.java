package io.millrace.domain.session;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.millrace.domain.event.Event;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a session is: the events of one visitor of which none follows the one before by more than
 * the gap.
 *
 * <p>The stream adds events one by one in any order, a batch hands over all at once; both decide
 * here.
 *
 * @param gapMs longest silence inside a session, in ms; exactly this long still belongs to it
 */
public record SessionRules(long gapMs) implements Serializable {
  public static final Duration DEFAULT_GAP = Duration.ofMinutes(30);

  /**
   * SipHash (Aumasson, Bernstein 2012), as senders choose the ids and could otherwise make them
   * collide. The key is no secret: whoever finds a collision loses an event of their own.
   */
  private static final HashFunction HASH =
      Hashing.sipHash24(0x4d696c6c72616365L, 0x53657373696f6e73L);

  public SessionRules {
    if (gapMs <= 0) {
      throw new IllegalArgumentException(
          "sessions.gap is " + gapMs + " ms; give a duration above 0, for example \"30 min\"");
    }
  }

  public static SessionRules withGap(Duration gap) {
    return new SessionRules(gap.toMillis());
  }

  /** Whether an event at this time belongs to a session with these bounds. */
  public boolean touches(long at, long startedAt, long endedAt) {
    return at >= startedAt - gapMs && at <= endedAt + gapMs;
  }

  /**
   * When the watermark reaches this time, no event can be awaited that would still extend the
   * session.
   */
  public long closesAt(long endedAt) {
    return endedAt + gapMs;
  }

  /**
   * A pure function of whose session it is and when it starts, so that a replay gives the same ids;
   * 32 hex digits.
   */
  public static String sessionId(String tenant, String visitorId, long startedAt) {
    byte[] digest =
        Hashing.sha256()
            .hashString(tenant + '|' + visitorId + '|' + startedAt, StandardCharsets.UTF_8)
            .asBytes();
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  /** 64-bit hash of an event id or a page path. */
  public static long hash(String text) {
    return HASH.hashUnencodedChars(text).asLong();
  }

  /** The row that describes this content. */
  public static Session session(
      String tenant, String visitorId, SessionContent content, int revision) {
    Session session = new Session();
    session.tenant = tenant;
    session.visitorId = visitorId;
    session.sessionId = sessionId(tenant, visitorId, content.startedAt);
    session.startedAt = content.startedAt;
    session.endedAt = content.endedAt;
    session.events = content.events;
    session.pageViews = content.pageViews;
    session.distinctPages = content.pages.size;
    session.entryPage = content.entryPage;
    session.exitPage = content.exitPage;
    session.channel = content.channel;
    session.source = content.source;
    session.medium = content.medium;
    session.campaign = content.campaign;
    session.referrer = content.referrer;
    session.deviceType = content.deviceType;
    session.browser = content.browser;
    session.os = content.os;
    session.country = content.country;
    session.region = content.region;
    session.city = content.city;
    session.bot = content.bot;
    session.conversions = content.conversions;
    session.revenueCents = content.revenueCents;
    session.engagementMs = content.engagementMs;
    session.revision = revision;
    return session;
  }

  /**
   * All sessions of one visitor, in order of their start.
   *
   * @param events events of one visitor in any order; of events with the same id the first in the
   *     list counts
   */
  public List<Session> sessionize(List<Event> events) {
    List<Event> ordered = new ArrayList<>(events.size());
    HashIndex seen = new HashIndex();
    for (Event event : events) {
      if (seen.add(hash(event.eventId), 0)) {
        ordered.add(event);
      }
    }
    ordered.sort(SessionContent.ORDER);

    List<Session> sessions = new ArrayList<>();
    SessionContent open = null;
    for (Event event : ordered) {
      if (open != null && touches(event.occurredAt, open.startedAt, open.endedAt)) {
        open.add(event, hash(event.eventId));
      } else {
        if (open != null) {
          sessions.add(session(event.tenant, event.visitorId, open, 1));
        }
        open = SessionContent.of(event, hash(event.eventId));
      }
    }
    if (open != null) {
      Event any = ordered.get(0);
      sessions.add(session(any.tenant, any.visitorId, open, 1));
    }
    return sessions;
  }
}
