package io.millrace.domain.metric;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;

/**
 * One way to divide the numbers.
 *
 * <p>In most groupings every event falls into exactly one value, absent ones into {@link #NONE}, so
 * that the values add up to {@link #ALL}. Some only concern few events, such as those about an
 * entity; there an event without a value does not count. An event counts by its own page, channel
 * and source; a session by those of its first event, and by its entry page.
 */
public enum Grouping {
  ALL("all", true),
  PAGE("page", true),
  CHANNEL("channel", true),
  SOURCE("source", true),
  COUNTRY("country", true),
  DEVICE("device", true),
  BROWSER("browser", true),
  OS("os", true),
  EVENT_TYPE("event_type", true),
  CAMPAIGN("campaign", false),
  /** {@code country/region}. */
  REGION("region", false),
  /** {@code country/region/city}, without a region {@code country//city}. */
  CITY("city", false),
  /** {@code type/id}. */
  ENTITY("entity", false),
  OWNER("owner", false),
  /** {@code experiment/variant}. */
  VARIANT("variant", false);

  /** The value of events that have none. */
  public static final String NONE = "(none)";

  private static final int MAX_VALUE_CHARS = 512;

  private final String label;
  private final boolean complete;

  Grouping(String label, boolean complete) {
    this.label = label;
    this.complete = complete;
  }

  /** The name in {@code lake.metrics_15m.grouping}. */
  public String label() {
    return label;
  }

  /** Whether the values add up to {@link #ALL}. */
  public boolean isComplete() {
    return complete;
  }

  /** The value an event counts under; null where it does not count in this grouping. */
  public String valueOf(Event event) {
    return counted(
        switch (this) {
          case ALL -> label;
          case PAGE -> event.pagePath;
          case CHANNEL -> event.channel;
          case SOURCE -> event.trafficSource;
          case COUNTRY -> event.country;
          case DEVICE -> event.deviceType;
          case BROWSER -> event.browser;
          case OS -> event.os;
          case EVENT_TYPE -> event.eventType;
          case CAMPAIGN -> event.trafficCampaign;
          case REGION -> region(event.country, event.region);
          case CITY -> city(event.country, event.region, event.city);
          case ENTITY -> joined(event.entityType, event.entityId);
          case OWNER -> event.ownerId;
          case VARIANT -> joined(event.experiment, event.variant);
        });
  }

  /**
   * The value a session counts under; null where it does not count in this grouping: a session has
   * many event types, entities and variants, and counting it under each would not add up.
   */
  public String valueOf(Session session) {
    return switch (this) {
      case ALL -> label;
      case PAGE -> counted(session.entryPage);
      case CHANNEL -> counted(session.channel);
      case SOURCE -> counted(session.source);
      case COUNTRY -> counted(session.country);
      case DEVICE -> counted(session.deviceType);
      case BROWSER -> counted(session.browser);
      case OS -> counted(session.os);
      case CAMPAIGN -> counted(session.campaign);
      case REGION -> counted(region(session.country, session.region));
      case CITY -> counted(city(session.country, session.region, session.city));
      case EVENT_TYPE, ENTITY, OWNER, VARIANT -> null;
    };
  }

  private static String region(String country, String region) {
    return isAbsent(region) ? null : orEmpty(country) + '/' + region;
  }

  private static String city(String country, String region, String city) {
    return isAbsent(city) ? null : orEmpty(country) + '/' + orEmpty(region) + '/' + city;
  }

  private static String joined(String outer, String inner) {
    return isAbsent(outer) || isAbsent(inner) ? null : outer + '/' + inner;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static boolean isAbsent(String value) {
    return value == null || value.isEmpty();
  }

  private String counted(String value) {
    return complete || !isAbsent(value) ? present(value) : null;
  }

  /** The value that this text, which may be null, counts under. */
  public static String present(String value) {
    if (isAbsent(value)) {
      return NONE;
    }
    return value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS);
  }
}
