package io.millrace.domain.event;

/**
 * One thing a visitor did, as every stage after the gateway sees it; a row of {@code lake.events}.
 *
 * <p>Fields are public and there is a no-argument constructor, because Flink serializes it as a
 * POJO. An event is filled by {@link EventReader} and by the enrichment, and not changed after
 * that: several operators share one instance.
 *
 * <p>All times are epoch milliseconds, UTC. A field that the sender left out is null.
 */
public final class Event {
  /** Owner of the event, from the write key, never from the body. */
  public String tenant;

  public String eventId;
  public String eventType;
  public String visitorId;
  public String userId;

  /** The client's own session id: kept, never used to sessionize. */
  public String clientSessionId;

  /** Event time: the client's clock, corrected and clamped by {@link ClockRules}. */
  public long occurredAt;

  /** The client's clock when the event happened. */
  public long createdAt;

  /** The client's clock when the batch was sent; null when the batch does not say. */
  public Long sentAt;

  /** The gateway's clock when the event arrived. */
  public long receivedAt;

  /** Whether {@link #occurredAt} differs from {@link #createdAt}. */
  public boolean clockCorrected;

  public String pageUrl;
  public String pagePath;
  public String pageTitle;
  public String referrer;
  public String referrerMedium;
  public String referrerSource;

  /** How the visitor came to this page: one of the names in {@code ChannelRules}. */
  public String channel;

  /** UTM source, else the network of the click id, else the referrer's name. */
  public String trafficSource;

  public String trafficMedium;
  public String trafficCampaign;
  public String utmSource;
  public String utmMedium;
  public String utmCampaign;
  public String utmTerm;
  public String utmContent;
  public String userAgent;

  /** Whether {@link #userAgent} was longer than the limit and has been cut. */
  public boolean userAgentCut;

  public String browser;
  public String browserVersion;
  public String os;
  public String deviceType;
  public boolean bot;
  public String botReason;

  /**
   * The network of the sender's address: IPv4 /24 or IPv6 /48; the address itself is never kept.
   */
  public String ipPrefix;

  public String country;
  public String region;
  public String city;
  public String screenResolution;
  public String viewport;
  public String entityType;
  public String entityId;
  public String ownerId;
  public String actorType;
  public String actorId;
  public String source;
  public Long revenueCents;
  public String currency;
  public String experiment;
  public String variant;
  public String consent;

  /** The sender's own count, which orders events of the same millisecond. */
  public Long sequence;

  /** Time the page was in use since the last event that said so, in ms. */
  public long engagementMs;

  /** Everything else the sender gave, as one JSON object; null when there is nothing. */
  public String properties;

  /** Where the event stands in {@code events.raw}. */
  public int kafkaPartition;

  public long kafkaOffset;

  @Override
  public String toString() {
    return "Event["
        + tenant
        + '/'
        + visitorId
        + '/'
        + eventId
        + ' '
        + eventType
        + " at "
        + occurredAt
        + ']';
  }
}
