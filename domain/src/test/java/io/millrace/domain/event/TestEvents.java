package io.millrace.domain.event;

import java.time.Duration;

/** Events for tests, in the words of a timeline: {@code pageView("ann", t(10))}. */
public final class TestEvents {
  /** 2026-03-02T10:00:00Z, a Monday. */
  public static final long START = 1_772_445_600_000L;

  private static long nextOffset;

  private TestEvents() {}

  /** So many minutes after {@link #START}; epoch ms. */
  public static long t(long minutes) {
    return START + Duration.ofMinutes(minutes).toMillis();
  }

  public static Event pageView(String visitor, long at) {
    return pageView(visitor, at, "/");
  }

  public static Event pageView(String visitor, long at, String path) {
    Event event = event("page_view", visitor, at);
    event.pagePath = path;
    event.pageUrl = "https://example.org" + path;
    return event;
  }

  /** An event whose id follows from its content, so that the same call gives a duplicate. */
  public static Event event(String type, String visitor, long at) {
    Event event = new Event();
    event.tenant = "acme";
    event.eventId = type + '-' + visitor + '-' + at;
    event.eventType = type;
    event.visitorId = visitor;
    event.occurredAt = at;
    event.createdAt = at;
    event.receivedAt = at;
    event.channel = "direct";
    event.kafkaOffset = nextOffset++;
    return event;
  }
}
