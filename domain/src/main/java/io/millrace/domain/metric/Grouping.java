package io.millrace.domain.metric;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;

/**
 * One way to divide the numbers.
 *
 * <p>Every event falls into exactly one value of each grouping, absent ones into {@link #NONE}, so
 * that the values of any grouping add up to {@link #ALL}. An event counts by its own page, channel
 * and source; a session by those of its first event, and by its entry page.
 */
public enum Grouping {
  ALL("all"),
  PAGE("page"),
  CHANNEL("channel"),
  SOURCE("source"),
  COUNTRY("country"),
  DEVICE("device"),
  EVENT_TYPE("event_type");

  /** The value of events that have none. */
  public static final String NONE = "(none)";

  private static final int MAX_VALUE_CHARS = 512;

  private final String label;

  Grouping(String label) {
    this.label = label;
  }

  /** The name in {@code lake.metrics_15m.grouping}. */
  public String label() {
    return label;
  }

  public String valueOf(Event event) {
    return present(
        switch (this) {
          case ALL -> label;
          case PAGE -> event.pagePath;
          case CHANNEL -> event.channel;
          case SOURCE -> event.trafficSource;
          case COUNTRY -> event.country;
          case DEVICE -> event.deviceType;
          case EVENT_TYPE -> event.eventType;
        });
  }

  /** The value a session counts under; null where sessions do not count in this grouping. */
  public String valueOf(Session session) {
    if (this == EVENT_TYPE) {
      return null; // a session has many event types, and counting it under each would not add up
    }
    return present(
        switch (this) {
          case ALL -> label;
          case PAGE -> session.entryPage;
          case CHANNEL -> session.channel;
          case SOURCE -> session.source;
          case COUNTRY -> session.country;
          case DEVICE -> session.deviceType;
          case EVENT_TYPE -> throw new AssertionError();
        });
  }

  /** The value that this text, which may be null, counts under. */
  public static String present(String value) {
    if (value == null || value.isEmpty()) {
      return NONE;
    }
    return value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS);
  }
}
