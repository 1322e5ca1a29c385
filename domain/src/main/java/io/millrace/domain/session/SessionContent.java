package io.millrace.domain.session;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventTypes;
import java.util.Comparator;

/**
 * What has been seen of one session so far, compact enough to keep for every visitor.
 *
 * <p>Adding events is commutative and joining contents is associative, so any order of arrival
 * gives the same session. Whatever depends on order (first event, entry page, exit page) is chosen
 * by {@link #ORDER}, never by arrival. A Flink POJO, kept in state.
 */
public final class SessionContent {
  /**
   * Order of a visitor's events: time, then the sender's count, then id. An absent count comes
   * first.
   */
  public static final Comparator<Event> ORDER =
      (a, b) -> compare(a.occurredAt, a.sequence, a.eventId, b.occurredAt, b.sequence, b.eventId);

  public long startedAt;
  public long endedAt;
  public long events;
  public long pageViews;
  public long conversions;
  public long revenueCents;
  public long engagementMs;

  /** Hash of every event's id, each with the place of that event in Kafka. */
  public HashIndex eventIds = new HashIndex();

  /** Hash of every page path. */
  public HashIndex pages = new HashIndex();

  public Long firstSequence;
  public String firstEventId;
  public String channel;
  public String source;
  public String medium;
  public String campaign;
  public String referrer;
  public String deviceType;
  public String browser;
  public String os;
  public String country;
  public String region;
  public String city;
  public boolean bot;

  public long entryAt;
  public Long entrySequence;
  public String entryEventId;
  public String entryPage;

  public long exitAt;
  public Long exitSequence;
  public String exitEventId;
  public String exitPage;

  /** The content of a session that holds just this event. */
  public static SessionContent of(Event event, long eventIdHash) {
    SessionContent content = new SessionContent();
    content.startedAt = event.occurredAt;
    content.endedAt = event.occurredAt;
    content.takeFirst(event);
    content.count(event, eventIdHash);
    return content;
  }

  /** Adds an event whose id is not in here yet. */
  public void add(Event event, long eventIdHash) {
    if (compare(
            event.occurredAt, event.sequence, event.eventId, startedAt, firstSequence, firstEventId)
        < 0) {
      takeFirst(event);
    }
    startedAt = Math.min(startedAt, event.occurredAt);
    endedAt = Math.max(endedAt, event.occurredAt);
    count(event, eventIdHash);
  }

  /** Takes in all of another session of the same visitor; the two share no event. */
  public void join(SessionContent other) {
    if (compare(
            other.startedAt,
            other.firstSequence,
            other.firstEventId,
            startedAt,
            firstSequence,
            firstEventId)
        < 0) {
      takeFirst(other);
    }
    takeEntry(other.entryAt, other.entrySequence, other.entryEventId, other.entryPage);
    takeExit(other.exitAt, other.exitSequence, other.exitEventId, other.exitPage);
    startedAt = Math.min(startedAt, other.startedAt);
    endedAt = Math.max(endedAt, other.endedAt);
    events += other.events;
    pageViews += other.pageViews;
    conversions += other.conversions;
    revenueCents += other.revenueCents;
    engagementMs += other.engagementMs;
    eventIds.addAll(other.eventIds);
    pages.addAll(other.pages);
  }

  /**
   * Bytes this takes in memory, roughly: texts are counted at their usual length, as they are
   * shared.
   */
  public int weightBytes() {
    return 400 + eventIds.weightBytes() + pages.weightBytes();
  }

  private void count(Event event, long eventIdHash) {
    events++;
    eventIds.add(eventIdHash, KafkaPlace.pack(event.kafkaPartition, event.kafkaOffset));
    conversions += EventTypes.isConversion(event) ? 1 : 0;
    revenueCents += event.revenueCents == null ? 0 : event.revenueCents;
    engagementMs += event.engagementMs;
    if (EventTypes.isPageView(event)) {
      pageViews++;
      String page = event.pagePath == null ? "" : event.pagePath;
      pages.add(SessionRules.hash(page), 0);
      takeEntry(event.occurredAt, event.sequence, event.eventId, page);
      takeExit(event.occurredAt, event.sequence, event.eventId, page);
    }
  }

  private void takeFirst(Event event) {
    firstSequence = event.sequence;
    firstEventId = event.eventId;
    channel = event.channel;
    source = event.trafficSource;
    medium = event.trafficMedium;
    campaign = event.trafficCampaign;
    referrer = event.referrer;
    deviceType = event.deviceType;
    browser = event.browser;
    os = event.os;
    country = event.country;
    region = event.region;
    city = event.city;
    bot = event.bot;
  }

  private void takeFirst(SessionContent other) {
    firstSequence = other.firstSequence;
    firstEventId = other.firstEventId;
    channel = other.channel;
    source = other.source;
    medium = other.medium;
    campaign = other.campaign;
    referrer = other.referrer;
    deviceType = other.deviceType;
    browser = other.browser;
    os = other.os;
    country = other.country;
    region = other.region;
    city = other.city;
    bot = other.bot;
  }

  private void takeEntry(long at, Long sequence, String eventId, String page) {
    if (page != null
        && (entryPage == null
            || compare(at, sequence, eventId, entryAt, entrySequence, entryEventId) < 0)) {
      entryAt = at;
      entrySequence = sequence;
      entryEventId = eventId;
      entryPage = page;
    }
  }

  private void takeExit(long at, Long sequence, String eventId, String page) {
    if (page != null
        && (exitPage == null
            || compare(at, sequence, eventId, exitAt, exitSequence, exitEventId) > 0)) {
      exitAt = at;
      exitSequence = sequence;
      exitEventId = eventId;
      exitPage = page;
    }
  }

  /** {@link #ORDER} over the parts of two events; an absent sequence is null. */
  public static int compare(
      long at, Long sequence, String id, long otherAt, Long otherSequence, String otherId) {
    if (at != otherAt) {
      return Long.compare(at, otherAt);
    }
    int bySequence =
        Long.compare(
            sequence == null ? Long.MIN_VALUE : sequence,
            otherSequence == null ? Long.MIN_VALUE : otherSequence);
    return bySequence != 0 ? bySequence : id.compareTo(otherId);
  }
}
