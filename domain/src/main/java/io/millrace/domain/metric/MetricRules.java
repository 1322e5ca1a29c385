package io.millrace.domain.metric;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventTypes;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;

/** Which windows there are, and what an event or a session adds to one. */
public final class MetricRules {
  /** The cold window: every usual time zone's hours and days are sums of quarters of an hour. */
  public static final long WINDOW_MS = Duration.ofMinutes(15).toMillis();

  /** The hot window. */
  public static final long MINUTE_MS = Duration.ofMinutes(1).toMillis();

  /** How long hot windows are kept. */
  public static final Duration HOT_KEPT = Duration.ofHours(48);

  private MetricRules() {}

  /** Start of the window of this width that holds the time; epoch ms. */
  public static long windowStart(long at, long widthMs) {
    return Math.floorDiv(at, widthMs) * widthMs;
  }

  public static long visitorHash(Event event) {
    return visitorHash(event.visitorId);
  }

  public static long visitorHash(String visitorId) {
    return SessionRules.hash(visitorId);
  }

  /** Adds an event, but for its visitor, whom the caller collects. */
  public static void add(Measures measures, Event event) {
    measures.events++;
    measures.changes++;
    measures.engagementMs += event.engagementMs;
    measures.revenueCents += event.revenueCents == null ? 0 : event.revenueCents;
    if (EventTypes.isPageView(event)) {
      measures.pageViews++;
    } else if (EventTypes.isClick(event)) {
      measures.clicks++;
    } else if (EventTypes.isConversion(event)) {
      measures.conversions++;
    }
  }

  /** Adds a session's row, with sign 1, or takes back one that was added, with sign -1. */
  public static void add(Measures measures, Session session, int sign) {
    measures.changes++;
    measures.sessions += sign;
    measures.bounces += session.bounce() ? sign : 0;
    measures.sessionMs += sign * session.durationMs();
  }
}
