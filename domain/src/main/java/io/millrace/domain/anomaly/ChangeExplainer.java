package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Grouping;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Explains a change by what is remembered of a tenant's segments.
 *
 * <p>What a segment would have had is its usual share of what the total would have had, and of that
 * the scorer knows best. Of a ratio it is what the segment would have had of the ratio's upper
 * part, given how much there is of the lower: at the expected ratio of the total, plus what it
 * usually has above or below that. So both a segment that changed its ratio and one of an unusual
 * ratio that grew explain the change.
 */
public final class ChangeExplainer {
  /** What is left of a grouping beside the segments that are remembered. */
  public static final String OTHER = "(other)";

  /** The change of a smaller segment says nothing about that of the total. */
  private static final double LEAST_SHARE = 0.05;

  private final SegmentHistory total;
  private final SegmentHistory bots;
  private final Map<Grouping, Map<String, SegmentHistory>> segments;

  /**
   * A time to explain.
   *
   * @param fromMillis start of the first window of a quarter of an hour
   * @param toMillis end of the last, exclusive
   * @param part for how much of these windows, as far as they are known, the scorer's numbers are:
   *     a minute's for a fifth of its quarter after five minutes; 1 where they are for all
   */
  public record Time(long fromMillis, long toMillis, double part) {
    int hour() {
      return SegmentHistory.hour(fromMillis);
    }
  }

  /**
   * What is to be explained.
   *
   * @param grouping {@link Grouping#ALL} for the total
   */
  public record Change(
      String metric, Grouping grouping, String value, double actual, double expected) {}

  /**
   * What was found.
   *
   * @param totals null where too little is known
   */
  public record Findings(Explanation explanation, Totals totals) {
    /** Nothing was found, or looked for. */
    public static final Findings NONE = new Findings(Explanation.NONE, null);

    /**
     * How many things the change is: of a count the change itself, of a ratio that of its upper
     * part, of revenue orders; NaN where too little is known.
     */
    public double things(Change change) {
      double off = Math.abs(change.actual() - change.expected());
      ExplainedMetric metric = ExplainedMetric.of(change.metric()).orElse(null);
      if (metric == null) {
        return off;
      }
      if (metric.isRatio()) {
        return totals == null
            ? Double.NaN
            : Math.abs(explanation.actual() - explanation.expected());
      }
      if (metric.measure() == SegmentMeasure.REVENUE_CENTS) {
        return totals == null
            ? Double.NaN
            : off
                * totals.expected(SegmentMeasure.CONVERSIONS)
                / totals.expected(SegmentMeasure.REVENUE_CENTS);
      }
      return off;
    }
  }

  /**
   * One for a tenant.
   *
   * @param bots history of the bots alone, who are in no other; null where there were none
   */
  public ChangeExplainer(
      SegmentHistory total,
      SegmentHistory bots,
      Map<Grouping, Map<String, SegmentHistory>> segments) {
    this.total = total;
    this.bots = bots == null ? new SegmentHistory() : bots;
    this.segments = segments;
  }

  /** Explains the change of one series. */
  public Findings explain(Change change, Time time) {
    ExplainedMetric metric = ExplainedMetric.of(change.metric()).orElse(null);
    if (metric == null || !Double.isFinite(change.expected())) {
      return Findings.NONE;
    }
    return metric.isRatio() ? ratio(metric, change, time) : sum(metric.measure(), change, time);
  }

  private Findings sum(SegmentMeasure measure, Change change, Time time) {
    double share = shareOfTotal(measure, change, time);
    double actual = actual(total, measure, time);
    boolean isTotal = change.grouping() == Grouping.ALL;
    boolean notYetHere = actual == 0 && (change.actual() > 0 || (!isTotal && time.part() < 1));
    double usual = total.level(measure, time.hour());
    if (share < LEAST_SHARE || notYetHere || usual <= 0) {
      return Findings.NONE;
    }
    double expected = change.expected() / time.part() / share;
    if (isTotal && time.part() == 1 && change.actual() > 0) {
      // Visitors of an hour are fewer than the sum of those of its quarters.
      expected *= actual / change.actual();
    }
    double unit = unit(measure, time);
    List<Segment> parts = new ArrayList<>();
    for (var grouping : segments.entrySet()) {
      if (divides(grouping.getKey(), measure)) {
        List<Segment> of = new ArrayList<>();
        for (var segment : grouping.getValue().entrySet()) {
          SegmentHistory history = segment.getValue();
          of.add(
              new Segment(
                  grouping.getKey(),
                  segment.getKey(),
                  actual(history, measure, time),
                  history.share(total, measure, time.hour()) * expected));
        }
        addRest(grouping.getKey(), of, actual, expected);
        parts.addAll(of);
      }
    }
    return new Findings(
        ExplanationRules.explain(actual, expected, unit, parts), totals(time, expected / usual));
  }

  private Findings ratio(ExplainedMetric metric, Change change, Time time) {
    double base = actual(total, metric.base(), time);
    double usualBase = total.level(metric.base(), time.hour());
    boolean isTotal = change.grouping() == Grouping.ALL;
    if (base <= 0 || usualBase <= 0 || change.expected() <= 0 || !isTotal) {
      return Findings.NONE; // how a segment's ratio should be says nothing about the total's
    }
    double ratio = change.expected();
    double usualRatio = total.level(metric.measure(), time.hour()) / usualBase;
    double actual = actual(total, metric.measure(), time);
    double expected = ratio * base;
    List<Segment> parts = new ArrayList<>();
    for (var grouping : segments.entrySet()) {
      if (divides(grouping.getKey(), metric.measure())
          && divides(grouping.getKey(), metric.base())) {
        List<Segment> of = new ArrayList<>();
        for (var segment : grouping.getValue().entrySet()) {
          SegmentHistory history = segment.getValue();
          double share = history.share(total, metric.measure(), time.hour());
          double shareOfBase = history.share(total, metric.base(), time.hour());
          double usuallyAbove = (share - shareOfBase) * usualRatio * base;
          of.add(
              new Segment(
                  grouping.getKey(),
                  segment.getKey(),
                  actual(history, metric.measure(), time),
                  Math.max(0, ratio * actual(history, metric.base(), time) + usuallyAbove)));
        }
        addRest(grouping.getKey(), of, actual, expected);
        parts.addAll(of);
      }
    }
    return new Findings(
        ExplanationRules.explain(actual, expected, 1, parts), totals(time, base / usualBase));
  }

  private double shareOfTotal(SegmentMeasure measure, Change change, Time time) {
    if (change.grouping() == Grouping.ALL) {
      return 1;
    }
    SegmentHistory own = segments.getOrDefault(change.grouping(), Map.of()).get(change.value());
    return own == null ? 0 : own.share(total, measure, time.hour());
  }

  private static double actual(SegmentHistory history, SegmentMeasure measure, Time time) {
    return history.actual(measure, time.fromMillis(), time.toMillis());
  }

  /** Counts come by the visitor, and revenue by the order. */
  private double unit(SegmentMeasure measure, Time time) {
    SegmentMeasure by =
        measure == SegmentMeasure.REVENUE_CENTS
            ? SegmentMeasure.CONVERSIONS
            : SegmentMeasure.VISITORS;
    double units = total.level(by, time.hour());
    return units <= 0 ? 1 : Math.max(1, total.level(measure, time.hour()) / units);
  }

  /** A session has many event types, entities and variants; and a page view is an event type. */
  private static boolean divides(Grouping grouping, SegmentMeasure measure) {
    return switch (grouping) {
      case ALL -> false;
      case EVENT_TYPE -> measure == SegmentMeasure.EVENTS;
      case ENTITY, OWNER, VARIANT ->
          measure != SegmentMeasure.SESSIONS && measure != SegmentMeasure.BOUNCES;
      default -> true;
    };
  }

  /** Only where all is divided: what has no campaign is no segment. */
  private static void addRest(Grouping grouping, List<Segment> of, double actual, double expected) {
    if (grouping.isComplete()) {
      double restActual = actual - of.stream().mapToDouble(Segment::actual).sum();
      double restExpected = expected - of.stream().mapToDouble(Segment::expected).sum();
      of.add(new Segment(grouping, OTHER, Math.max(0, restActual), Math.max(0, restExpected)));
    }
  }

  private Totals totals(Time time, double windows) {
    EnumMap<SegmentMeasure, double[]> both = new EnumMap<>(SegmentMeasure.class);
    for (SegmentMeasure measure : SegmentMeasure.values()) {
      both.put(
          measure,
          new double[] {actual(total, measure, time), total.level(measure, time.hour()) * windows});
    }
    double botShare = bots.share(total, SegmentMeasure.EVENTS, time.hour());
    return new Totals(
        both.values().stream().mapToDouble(b -> b[0]).toArray(),
        both.values().stream().mapToDouble(b -> b[1]).toArray(),
        actual(bots, SegmentMeasure.EVENTS, time),
        botShare * total.level(SegmentMeasure.EVENTS, time.hour()) * windows);
  }
}
