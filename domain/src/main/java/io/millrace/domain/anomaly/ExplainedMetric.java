package io.millrace.domain.anomaly;

import java.util.Optional;

/**
 * A metric whose changes can be divided among segments.
 *
 * @param measure what is counted
 * @param base of which it is the part, for a ratio; null for what simply adds up
 */
public record ExplainedMetric(SegmentMeasure measure, SegmentMeasure base) {
  /** The metric of this name, or nothing where its parts are not remembered. */
  public static Optional<ExplainedMetric> of(String name) {
    return switch (name) {
      case "bounce_rate" -> ratio(SegmentMeasure.BOUNCES, SegmentMeasure.SESSIONS);
      case "ctr" -> ratio(SegmentMeasure.CLICKS, SegmentMeasure.PAGE_VIEWS);
      case "revenue" -> Optional.of(new ExplainedMetric(SegmentMeasure.REVENUE_CENTS, null));
      default -> SegmentMeasure.of(name).map(measure -> new ExplainedMetric(measure, null));
    };
  }

  private static Optional<ExplainedMetric> ratio(SegmentMeasure measure, SegmentMeasure base) {
    return Optional.of(new ExplainedMetric(measure, base));
  }

  boolean isRatio() {
    return base != null;
  }
}
