package io.millrace.domain.anomaly;

import java.util.List;

/**
 * Why a number changed.
 *
 * @param actual of the total, in things counted
 * @param expected of the total, in things counted
 * @param causes the segments that explain the change, all of one grouping, the first explains most;
 *     empty unless the scope is {@link Scope#SEGMENTS}
 */
public record Explanation(double actual, double expected, Scope scope, List<Cause> causes) {
  /** How far the change reaches. */
  public enum Scope {
    /** Some segments changed, and the others did not change with them. */
    SEGMENTS,
    /** All changed alike. */
    EVERYWHERE,
    /** Too little is known of the segments. */
    UNKNOWN
  }

  /**
   * A segment that explains a part of the change.
   *
   * @param share of the change; above 1 where others changed the other way
   */
  public record Cause(Segment segment, double share) {}

  public Explanation {
    causes = List.copyOf(causes);
  }

  static final Explanation NONE = new Explanation(0, 0, Scope.UNKNOWN, List.of());

  /** How much of the change the causes explain together. */
  double explained() {
    return causes.stream().mapToDouble(Cause::share).sum();
  }
}
