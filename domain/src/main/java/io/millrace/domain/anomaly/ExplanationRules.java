package io.millrace.domain.anomaly;

import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.metric.Grouping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which segments explain the change of a total: Adtributor (Bhagwan et al., NSDI 2014), with two
 * additions.
 *
 * <p>As there, segments are taken by their surprise (the Jensen-Shannon divergence between the
 * share a segment should have and the one it has) as far as each explains a tenth of the change,
 * until together they explain nearly all; the grouping with the most surprise wins. New is that
 * segments must stand out: from the noise of counting, and from the rest, which must not have
 * changed half as much. So what hits all alike is explained by none, and three tenths of the change
 * are enough, where the paper asks for two thirds and loses a segment that is gone to the noise of
 * the others. And the surprise of a finer grouping is never less than that of the one it divides,
 * so it has to be more by a margin.
 */
public final class ExplanationRules {
  private static final double LEAST_OF_A_SEGMENT = 0.1;
  private static final double LEAST_TOGETHER = 0.3;
  private static final double ENOUGH = 0.9;
  private static final int MOST_SEGMENTS = 5;
  private static final double REST_OF_FACTOR = 0.5;

  /** Hundreds of segments are looked at, so three deviations would be nothing special. */
  private static final double LEAST_DEVIATIONS = 4;

  /** What is counted comes in bursts, and what is expected is itself a mean of counts. */
  private static final double OVER_POISSON = 1.2;

  /** Each further segment makes an explanation less of one. */
  private static final double PER_SEGMENT = 0.95;

  private static final double FINER_MARGIN = 1.1;

  /** Coarser ones first; those that divide each other side by side. */
  private static final List<List<Grouping>> FAMILIES =
      List.of(
          List.of(Grouping.COUNTRY, Grouping.REGION, Grouping.CITY),
          List.of(Grouping.CHANNEL, Grouping.SOURCE, Grouping.CAMPAIGN),
          List.of(Grouping.DEVICE, Grouping.OS, Grouping.BROWSER),
          List.of(Grouping.PAGE),
          List.of(Grouping.EVENT_TYPE),
          List.of(Grouping.OWNER, Grouping.ENTITY),
          List.of(Grouping.VARIANT));

  private record Candidate(List<Cause> causes, double surprise) {}

  private ExplanationRules() {}

  /**
   * Explains the change of a total.
   *
   * @param unit how much comes at once: the views of a visitor, the price of an order; at least 1
   * @param segments of each grouping, together the total or less
   */
  public static Explanation explain(
      double actual, double expected, double unit, List<Segment> segments) {
    Map<Grouping, List<Segment>> byGrouping = new EnumMap<>(Grouping.class);
    for (Segment segment : segments) {
      byGrouping.computeIfAbsent(segment.grouping(), key -> new ArrayList<>()).add(segment);
    }
    if (byGrouping.isEmpty() || actual == expected) {
      return new Explanation(actual, expected, Scope.UNKNOWN, List.of());
    }
    Candidate best = null;
    for (List<Grouping> family : FAMILIES) {
      Candidate ofFamily = null;
      for (Grouping grouping : family) {
        if (byGrouping.containsKey(grouping)) {
          Candidate found = candidate(actual, expected, unit, byGrouping.get(grouping));
          ofFamily = better(ofFamily, found, FINER_MARGIN);
        }
      }
      best = better(best, ofFamily, 1);
    }
    return best == null
        ? new Explanation(actual, expected, Scope.EVERYWHERE, List.of())
        : new Explanation(actual, expected, Scope.SEGMENTS, best.causes);
  }

  private static Candidate better(Candidate one, Candidate other, double margin) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.surprise > one.surprise * margin ? other : one;
  }

  /** The segments of one grouping that explain the change, or null. */
  private static Candidate candidate(
      double actual, double expected, double unit, List<Segment> segments) {
    if (actual <= 0 || expected <= 0) {
      return null; // shares of nothing
    }
    double change = actual - expected;
    record Ranked(Segment segment, double surprise) {}
    List<Ranked> ranked =
        segments.stream()
            .filter(s -> (s.actual() - s.expected()) / change >= LEAST_OF_A_SEGMENT)
            .filter(s -> standsOut(s, actual, expected, unit))
            .map(s -> new Ranked(s, surprise(s.expected() / expected, s.actual() / actual)))
            .sorted(Comparator.comparingDouble(Ranked::surprise).reversed())
            .limit(MOST_SEGMENTS)
            .toList();
    List<Cause> causes = new ArrayList<>();
    double together = 0;
    double surprise = 0;
    double ofActual = 0;
    double ofExpected = 0;
    for (Ranked next : ranked) {
      Segment segment = next.segment;
      double share = (segment.actual() - segment.expected()) / change;
      causes.add(new Cause(segment, share));
      together += share;
      surprise += next.surprise;
      ofActual += segment.actual();
      ofExpected += segment.expected();
      if (together >= ENOUGH) {
        break;
      }
    }
    if (together < LEAST_TOGETHER || !restIsCalmer(actual, expected, ofActual, ofExpected)) {
      return null;
    }
    causes.sort(Comparator.comparingDouble(Cause::share).reversed());
    return new Candidate(causes, surprise * Math.pow(PER_SEGMENT, causes.size() - 1.0));
  }

  /** Whether it is off, by more than counting noise, from what the change of the rest makes it. */
  private static boolean standsOut(Segment segment, double actual, double expected, double unit) {
    double restExpected = expected - segment.expected();
    double restActual = Math.max(0, actual - segment.actual());
    if (restExpected <= 0) {
      return false; // it is all there is
    }
    double alike = Math.max(0, segment.expected()) * restActual / restExpected;
    double off =
        SeriesType.COUNT.even(segment.actual() / unit) - SeriesType.COUNT.even(alike / unit);
    double noise = OVER_POISSON * Math.sqrt(1 + alike / Math.max(unit, restActual));
    return off * Math.signum(actual - expected) > LEAST_DEVIATIONS * noise;
  }

  private static boolean restIsCalmer(
      double actual, double expected, double ofActual, double ofExpected) {
    double restExpected = expected - ofExpected;
    double direction = Math.signum(actual - expected);
    double rest = restExpected <= 0 ? 0 : direction * ((actual - ofActual) / restExpected - 1);
    double own =
        ofExpected <= 0 ? Double.POSITIVE_INFINITY : direction * (ofActual / ofExpected - 1);
    return rest < REST_OF_FACTOR * own;
  }

  /** How much a segment adds to the Jensen-Shannon divergence of the shares. */
  static double surprise(double expectedShare, double actualShare) {
    double p = Math.max(0, expectedShare);
    double q = Math.max(0, actualShare);
    return 0.5 * (term(p, p + q) + term(q, p + q));
  }

  private static double term(double share, double both) {
    return share <= 0 ? 0 : share * Math.log(2 * share / both);
  }
}
