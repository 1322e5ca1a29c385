package io.millrace.domain.event;

import java.util.HashMap;
import java.util.Map;

/** The fields of an event's JSON that have a meaning of their own; all others are properties. */
enum EventField {
  EVENT_ID("eventId", Limits.MAX_EVENT_ID_LENGTH, (e, v) -> e.eventId = v),
  EVENT_TYPE("eventType", Limits.MAX_EVENT_TYPE_LENGTH, (e, v) -> e.eventType = v),
  TIMESTAMP("timestamp", Kind.TIME),
  VISITOR_ID("visitorId", Limits.MAX_VISITOR_ID_LENGTH, (e, v) -> e.visitorId = v),
  SESSION_ID("sessionId", (e, v) -> e.clientSessionId = v),
  USER_ID("userId", (e, v) -> e.userId = v),
  PAGE_URL("pageUrl", (e, v) -> e.pageUrl = v),
  PAGE_PATH("pagePath", (e, v) -> e.pagePath = v),
  PAGE_TITLE("pageTitle", (e, v) -> e.pageTitle = v),
  REFERRER("referrer", (e, v) -> e.referrer = v),
  /** Longer than the limit is cut, so it has a kind of its own. */
  USER_AGENT("userAgent", Kind.USER_AGENT),
  /** Read for its place in the bytes, never put on the event. */
  IP("ip", Kind.ADDRESS),
  SCREEN_RESOLUTION("screenResolution", (e, v) -> e.screenResolution = v),
  VIEWPORT("viewport", (e, v) -> e.viewport = v),
  DEVICE_TYPE("deviceType", (e, v) -> e.deviceType = v),
  OS("os", (e, v) -> e.os = v),
  BROWSER("browser", (e, v) -> e.browser = v),
  BROWSER_VERSION("browserVersion", (e, v) -> e.browserVersion = v),
  COUNTRY("country", (e, v) -> e.country = v),
  REGION("region", (e, v) -> e.region = v),
  CITY("city", (e, v) -> e.city = v),
  UTM_SOURCE("utmSource", (e, v) -> e.utmSource = v),
  UTM_MEDIUM("utmMedium", (e, v) -> e.utmMedium = v),
  UTM_CAMPAIGN("utmCampaign", (e, v) -> e.utmCampaign = v),
  UTM_TERM("utmTerm", (e, v) -> e.utmTerm = v),
  UTM_CONTENT("utmContent", (e, v) -> e.utmContent = v),
  ENTITY_TYPE("entityType", (e, v) -> e.entityType = v),
  ENTITY_ID("entityId", (e, v) -> e.entityId = v),
  OWNER_ID("ownerId", (e, v) -> e.ownerId = v),
  ACTOR_TYPE("actorType", (e, v) -> e.actorType = v),
  ACTOR_ID("actorId", (e, v) -> e.actorId = v),
  SOURCE("source", (e, v) -> e.source = v),
  REVENUE_CENTS("revenueCents", Kind.INTEGER, (e, v) -> e.revenueCents = v),
  CURRENCY("currency", (e, v) -> e.currency = v),
  EXPERIMENT("experiment", (e, v) -> e.experiment = v),
  VARIANT("variant", (e, v) -> e.variant = v),
  CONSENT("consent", (e, v) -> e.consent = v),
  SEQUENCE("sequence", Kind.INTEGER, (e, v) -> e.sequence = v),
  PROPERTIES("properties", Kind.OBJECT);

  enum Kind {
    TEXT,
    INTEGER,
    TIME,
    USER_AGENT,
    ADDRESS,
    OBJECT
  }

  interface TextSetter {
    void set(Event event, String value);
  }

  interface IntegerSetter {
    void set(Event event, long value);
  }

  private static final Map<String, EventField> BY_NAME = new HashMap<>();

  static {
    for (EventField field : values()) {
      BY_NAME.put(field.jsonName, field);
    }
  }

  final String jsonName;
  final Kind kind;

  /** In characters for identifiers, 0 where the limit of every text applies. */
  final int maxLength;

  final TextSetter textSetter;
  final IntegerSetter integerSetter;

  EventField(String jsonName, TextSetter setter) {
    this(jsonName, Kind.TEXT, 0, setter, null);
  }

  EventField(String jsonName, int maxLength, TextSetter setter) {
    this(jsonName, Kind.TEXT, maxLength, setter, null);
  }

  EventField(String jsonName, Kind kind, IntegerSetter setter) {
    this(jsonName, kind, 0, null, setter);
  }

  EventField(String jsonName, Kind kind) {
    this(jsonName, kind, 0, null, null);
  }

  EventField(
      String jsonName,
      Kind kind,
      int maxLength,
      TextSetter textSetter,
      IntegerSetter integerSetter) {
    this.jsonName = jsonName;
    this.kind = kind;
    this.maxLength = maxLength;
    this.textSetter = textSetter;
    this.integerSetter = integerSetter;
  }

  /** The field of that name, or null. */
  static EventField named(String jsonName) {
    return BY_NAME.get(jsonName);
  }

  long bit() {
    return 1L << ordinal();
  }
}
