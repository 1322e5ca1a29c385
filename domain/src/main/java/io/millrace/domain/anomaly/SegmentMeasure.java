package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.VisitorSketch;
import java.util.Optional;

/**
 * What is remembered of each segment, so that a change can be explained. The order is a promise to
 * savepoints: values are kept by it.
 */
public enum SegmentMeasure {
  EVENTS("events"),
  PAGE_VIEWS("page_views"),
  CLICKS("clicks"),
  SESSIONS("sessions"),
  BOUNCES("bounces"),
  CONVERSIONS("conversions"),
  REVENUE_CENTS("revenue_cents"),
  /** Adds up only about: who is seen in two segments, or two windows, counts in both. */
  VISITORS("visitors");

  static final int COUNT = values().length;

  private final String label;

  SegmentMeasure(String label) {
    this.label = label;
  }

  /** Its place in what is kept. */
  @SuppressWarnings("EnumOrdinal")
  int at() {
    return ordinal();
  }

  /** The name of the column in {@code lake.metrics_15m}. */
  public String label() {
    return label;
  }

  /** The one of this label, or nothing. */
  public static Optional<SegmentMeasure> of(String label) {
    for (SegmentMeasure measure : values()) {
      if (measure.label.equals(label)) {
        return Optional.of(measure);
      }
    }
    return Optional.empty();
  }

  float in(Measures sums) {
    return switch (this) {
      case EVENTS -> sums.events;
      case PAGE_VIEWS -> sums.pageViews;
      case CLICKS -> sums.clicks;
      case SESSIONS -> sums.sessions;
      case BOUNCES -> sums.bounces;
      case CONVERSIONS -> sums.conversions;
      case REVENUE_CENTS -> sums.revenueCents;
      case VISITORS -> VisitorSketch.estimate(sums.visitors);
    };
  }
}
