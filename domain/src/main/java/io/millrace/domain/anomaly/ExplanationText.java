package io.millrace.domain.anomaly;

import io.millrace.domain.anomaly.Explanation.Cause;
import io.millrace.domain.anomaly.Explanation.Scope;
import io.millrace.domain.anomaly.TrackingFaultRules.Finding;
import io.millrace.domain.event.EventText;
import io.millrace.domain.metric.Grouping;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** How a verdict reads. */
public final class ExplanationText {
  private static final int DIGITS = 3;

  private ExplanationText() {}

  /**
   * What the number is and should be.
   *
   * @param lower of the expected band; NaN where there is none, as is upper
   */
  public static String change(
      String metric,
      Grouping grouping,
      String value,
      double actual,
      double expected,
      double lower,
      double upper) {
    StringBuilder text = new StringBuilder(metric);
    if (grouping != Grouping.ALL) {
      text.append(" of ").append(name(grouping, value));
    }
    text.append(Double.isFinite(actual) ? " is " + number(actual) : " has no value");
    if (Double.isFinite(expected)) {
      text.append(", expected ").append(number(expected));
    }
    if (Double.isFinite(lower) && Double.isFinite(upper)) {
      text.append(" (").append(number(lower)).append(" to ").append(number(upper)).append(')');
    }
    if (Double.isFinite(actual) && expected > 0) {
      double effect = actual / expected - 1;
      text.append(", ").append(effect > 0 ? "+" : "").append(percent(effect));
    }
    return text.toString();
  }

  /**
   * The whole sentence.
   *
   * @param finding null where the data is not suspected
   */
  public static String of(String change, Explanation explanation, Finding finding) {
    StringBuilder text = new StringBuilder(change);
    if (explanation.scope() == Scope.EVERYWHERE) {
      text.append("; everywhere alike, no segment stands out");
    }
    boolean first = true;
    for (Cause cause : explanation.causes()) {
      Segment segment = cause.segment();
      text.append(first ? "; " : ", ")
          .append(name(segment))
          .append(first ? " explains " : " ")
          .append(percent(cause.share()))
          .append(first ? " of the change (" : " (")
          .append(number(segment.actual()))
          .append(" of ")
          .append(number(segment.expected()))
          .append(" expected)");
      first = false;
    }
    if (finding != null) {
      text.append("; the data itself is to be suspected: ").append(finding.text());
    }
    return text.toString();
  }

  static String name(Segment segment) {
    return name(segment.grouping(), segment.value());
  }

  private static String name(Grouping grouping, String value) {
    return grouping.label() + '=' + EventText.shown(value);
  }

  /** Whole where it is large, else three digits. */
  static String number(double value) {
    BigDecimal exact = BigDecimal.valueOf(value);
    BigDecimal rounded =
        Math.abs(value) >= 100
            ? exact.setScale(0, RoundingMode.HALF_UP)
            : exact.round(new MathContext(DIGITS, RoundingMode.HALF_UP));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  static String percent(double share) {
    return Math.round(share * 100) + " %";
  }
}
