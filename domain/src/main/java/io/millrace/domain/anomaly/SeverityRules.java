package io.millrace.domain.anomaly;

import io.millrace.domain.alert.Severity;
import java.util.Set;

/**
 * How bad an anomaly is: a table over how far it went and how much is missing.
 *
 * <table>
 * <caption>the first row that holds counts</caption>
 * <tr><td>critical</td><td>nearly all of something substantial is lost (nine tenths, and fifty
 * things)</td></tr>
 * <tr><td>critical</td><td>half of very much is lost (five hundred things), beyond doubt</td></tr>
 * <tr><td>warning</td><td>three tenths are lost, or a fifth beyond doubt; and twenty things</td></tr>
 * <tr><td>warning</td><td>it doubled, and there are fifty more</td></tr>
 * <tr><td>notice</td><td>all else</td></tr>
 * </table>
 *
 * <p>Of errors and bounces, what is more than expected counts as lost.
 */
public final class SeverityRules {
  private static final double NEARLY_ALL = 0.9;
  private static final double HALF = 0.5;
  private static final double MUCH = 0.3;
  private static final double SOME = 0.2;
  private static final double FEW_THINGS = 20;
  private static final double SUBSTANTIAL = 50;
  private static final double VERY_MUCH = 500;

  /** A hundred weeks between two by chance. */
  private static final double BEYOND_DOUBT = 0.75;

  private static final Set<String> WORSE_WHEN_MORE = Set.of("errors", "bounce_rate");

  private SeverityRules() {}

  /**
   * The severity of one anomalous verdict.
   *
   * @param expected in the metric's unit, as is actual
   * @param things how many things the change is, see {@code Findings.things}; NaN, where nobody
   *     knows, is a notice
   */
  public static Severity of(
      String metric, double score, double actual, double expected, double things) {
    boolean fell = actual < expected;
    // A rise is measured as a drop from the higher level: to twice as much is a half.
    double part =
        Math.abs(actual - expected)
            / Math.max(1e-9, Math.max(Math.abs(actual), Math.abs(expected)));
    boolean surely = score >= BEYOND_DOUBT;
    if (fell == WORSE_WHEN_MORE.contains(metric)) {
      return part >= HALF && things >= SUBSTANTIAL ? Severity.WARNING : Severity.NOTICE;
    }
    if (part >= NEARLY_ALL && things >= SUBSTANTIAL) {
      return Severity.CRITICAL;
    }
    if (part >= HALF && things >= VERY_MUCH && surely) {
      return Severity.CRITICAL;
    }
    return (part >= MUCH || (part >= SOME && surely)) && things >= FEW_THINGS
        ? Severity.WARNING
        : Severity.NOTICE;
  }
}
