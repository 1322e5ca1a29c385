package io.millrace.client;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Something that a visitor did. Its id is given once, when it is built, so that whatever is sent
 * again is known as the same event.
 */
public final class MillraceEvent {
  static final String EVENT_ID = "eventId";
  static final String EVENT_TYPE = "eventType";
  static final String TIMESTAMP = "timestamp";
  static final String VISITOR_ID = "visitorId";

  private final Map<String, Object> fields;
  private final Map<String, Object> properties;

  private MillraceEvent(Map<String, Object> fields, Map<String, Object> properties) {
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /**
   * Starts an event that happens now, with a new id.
   *
   * @param eventType such as {@code page_view}, {@code click}, {@code purchase}
   * @param visitorId who did it, the same at every visit; null only if the tenant's policy names
   *     visitors without it
   */
  public static Builder builder(String eventType, String visitorId) {
    return new Builder(eventType, visitorId);
  }

  /** A UUIDv7, unless the builder was given another. */
  public String eventId() {
    return (String) fields.get(EVENT_ID);
  }

  /** All fields under their names in JSON, the required ones first. */
  Map<String, Object> fields() {
    return fields;
  }

  Map<String, Object> properties() {
    return properties;
  }

  /**
   * Collects the fields of one event. No method throws, and null leaves a field out: an event must
   * never break what it describes. What is wrong with it, the {@link ClientListener} and the log
   * say.
   */
  public static final class Builder {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> properties = new LinkedHashMap<>();

    private Builder(String eventType, String visitorId) {
      long nowMillis = System.currentTimeMillis();
      field(EVENT_ID, UuidV7.at(nowMillis));
      field(EVENT_TYPE, eventType);
      field(TIMESTAMP, nowMillis);
      field(VISITOR_ID, visitorId);
    }

    /** In place of the new id, for events that have one; null keeps the new one. */
    public Builder eventId(String value) {
      return value == null ? this : field(EVENT_ID, value);
    }

    /** When it happened; null is now. */
    public Builder occurredAt(Instant value) {
      return value == null ? this : field(TIMESTAMP, value.toEpochMilli());
    }

    /** The visitor's address. It counts for a server-side write key only, and is never stored. */
    public Builder ip(String value) {
      return field("ip", value);
    }

    /** The visitor's, not the server's. */
    public Builder userAgent(String value) {
      return field("userAgent", value);
    }

    /** The user, where the visitor is known. */
    public Builder userId(String value) {
      return field("userId", value);
    }

    /** The application's own session; Millrace finds sessions by itself. */
    public Builder sessionId(String value) {
      return field("sessionId", value);
    }

    public Builder pageUrl(String value) {
      return field("pageUrl", value);
    }

    public Builder pagePath(String value) {
      return field("pagePath", value);
    }

    public Builder pageTitle(String value) {
      return field("pageTitle", value);
    }

    public Builder referrer(String value) {
      return field("referrer", value);
    }

    public Builder screenResolutionPixels(int width, int height) {
      return field("screenResolution", width + "x" + height);
    }

    public Builder viewportPixels(int width, int height) {
      return field("viewport", width + "x" + height);
    }

    public Builder deviceType(String value) {
      return field("deviceType", value);
    }

    public Builder os(String value) {
      return field("os", value);
    }

    /**
     * The visitor's browser.
     *
     * @param version null if not known
     */
    public Builder browser(String name, String version) {
      return field("browser", name).field("browserVersion", version);
    }

    /** ISO 3166-1 alpha-2. */
    public Builder country(String value) {
      return field("country", value);
    }

    public Builder region(String value) {
      return field("region", value);
    }

    public Builder city(String value) {
      return field("city", value);
    }

    public Builder utmSource(String value) {
      return field("utmSource", value);
    }

    public Builder utmMedium(String value) {
      return field("utmMedium", value);
    }

    public Builder utmCampaign(String value) {
      return field("utmCampaign", value);
    }

    public Builder utmTerm(String value) {
      return field("utmTerm", value);
    }

    public Builder utmContent(String value) {
      return field("utmContent", value);
    }

    /** What it was done to, such as {@code link} and its id. */
    public Builder entity(String type, String id) {
      return field("entityType", type).field("entityId", id);
    }

    /** Who owns that. */
    public Builder ownerId(String value) {
      return field("ownerId", value);
    }

    /** Who did it, where that is not the visitor, such as {@code api_client} and its id. */
    public Builder actor(String type, String id) {
      return field("actorType", type).field("actorId", id);
    }

    public Builder source(String value) {
      return field("source", value);
    }

    /**
     * What it earned.
     *
     * @param currency ISO 4217
     */
    public Builder revenueCents(long cents, String currency) {
      return field("revenueCents", cents).field("currency", currency);
    }

    public Builder experiment(String name, String variant) {
      return field("experiment", name).field("variant", variant);
    }

    /** The purposes the visitor agreed to, such as {@code necessary,analytics}. */
    public Builder consent(String value) {
      return field("consent", value);
    }

    /** Orders a visitor's events of the same millisecond. */
    public Builder sequence(long value) {
      return field("sequence", value);
    }

    /** How long the visitor was engaged. */
    public Builder engagementMillis(long value) {
      return property("engagementMs", value);
    }

    /**
     * A property of the application's own.
     *
     * @param value text, number, boolean, or a {@link Map} or {@link Iterable} of these; a UUID, an
     *     enum constant or an {@link Instant} becomes text
     */
    public Builder property(String name, Object value) {
      return put(properties, name, value);
    }

    /**
     * Several properties.
     *
     * @param values as for {@link #property}
     */
    public Builder properties(Map<String, ?> values) {
      if (values != null) {
        values.forEach(this::property);
      }
      return this;
    }

    public MillraceEvent build() {
      return new MillraceEvent(fields, properties);
    }

    private Builder field(String name, Object value) {
      return put(fields, name, value);
    }

    private Builder put(Map<String, Object> where, String name, Object value) {
      if (value == null) {
        where.remove(name);
      } else if (value instanceof UUID || value instanceof Instant) {
        where.put(name, Objects.toString(value));
      } else if (value instanceof Enum<?> constant) {
        where.put(name, constant.name());
      } else {
        where.put(name, value);
      }
      return this;
    }
  }
}
