package io.millrace.domain.anomaly;

import java.util.function.ToDoubleFunction;

/** What is watched of a segment. */
public enum WatchedMetric {
  EVENTS("events", SeriesType.COUNT, v -> v[SegmentValues.EVENTS]),
  PAGE_VIEWS("page_views", SeriesType.COUNT, v -> v[SegmentValues.PAGE_VIEWS]),
  /** Of a window alone: those of an hour are no sum of its quarters. */
  VISITORS("visitors", SeriesType.COUNT, v -> v[SegmentValues.VISITORS]),
  CONVERSIONS("conversions", SeriesType.COUNT, v -> v[SegmentValues.CONVERSIONS]),
  REVENUE("revenue_cents", SeriesType.MONEY, v -> v[SegmentValues.REVENUE_CENTS]),
  /** Clicks per page view. */
  CTR(
      "ctr",
      SeriesType.RATIO,
      v -> v[SegmentValues.CLICKS] / nanForZero(v[SegmentValues.PAGE_VIEWS])),
  SESSIONS("sessions", SeriesType.COUNT, v -> v[SegmentValues.SESSIONS]),
  /** Bounces per session. */
  BOUNCE_RATE(
      "bounce_rate",
      SeriesType.RATIO,
      v -> v[SegmentValues.BOUNCES] / nanForZero(v[SegmentValues.SESSIONS]));

  private final String label;
  private final SeriesType type;
  private final ToDoubleFunction<float[]> value;

  WatchedMetric(String label, SeriesType type, ToDoubleFunction<float[]> value) {
    this.label = label;
    this.type = type;
    this.value = value;
  }

  /** The name in tables, topics and rules. */
  public String label() {
    return label;
  }

  public SeriesType type() {
    return type;
  }

  /** The metric of {@link SegmentValues}; NaN for a share of nothing. */
  public double of(float[] values) {
    return value.applyAsDouble(values);
  }

  /** Of how many it is the share; 0 where it is none. */
  public long sampleSize(float[] values) {
    return switch (this) {
      case CTR -> (long) values[SegmentValues.PAGE_VIEWS];
      case BOUNCE_RATE -> (long) values[SegmentValues.SESSIONS];
      default -> 0;
    };
  }

  /** Whether it is only known once a window's sessions have closed. */
  public boolean ofSessions() {
    return this == SESSIONS || this == BOUNCE_RATE;
  }

  /** Whether windows can be added. */
  public boolean adds() {
    return this != VISITORS;
  }

  private static double nanForZero(float value) {
    return value == 0 ? Double.NaN : value;
  }
}
