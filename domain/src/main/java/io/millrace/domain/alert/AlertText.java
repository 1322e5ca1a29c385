package io.millrace.domain.alert;

import io.millrace.domain.event.EventText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** How alerts read. */
final class AlertText {
  private static final int MOST_SERIES = 10;

  private AlertText() {}

  /** At most two decimals. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "none";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  static String percent(double share) {
    return number(share * 100) + " %";
  }

  static String duration(long millis) {
    long seconds = millis / 1000;
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
  }

  static String title(Alert.Kind kind, Severity severity, String rule, List<Alert.Series> found) {
    Alert.Series first = found.get(0);
    String more = found.size() == 1 ? "" : " and " + (found.size() - 1) + " more";
    return '[' + word(kind, severity) + "] " + rule + ": " + name(first) + more;
  }

  static String text(Alert.Kind kind, List<Alert.Series> found) {
    StringBuilder text = new StringBuilder(opening(kind));
    for (Alert.Series series : found.subList(0, Math.min(found.size(), MOST_SERIES))) {
      text.append("\n- ").append(line(series));
    }
    if (found.size() > MOST_SERIES) {
      text.append("\n- and ").append(found.size() - MOST_SERIES).append(" more");
    }
    return text.toString();
  }

  private static String word(Alert.Kind kind, Severity severity) {
    return switch (kind) {
      case FIRING -> severity.label();
      case ESCALATED -> severity.label() + ", not acknowledged";
      case RECOVERED -> "recovered";
      case WITHDRAWN -> "withdrawn";
    };
  }

  private static String opening(Alert.Kind kind) {
    return switch (kind) {
      case FIRING -> "Something is not as it should be:";
      case ESCALATED -> "Nobody has acknowledged this yet:";
      case RECOVERED -> "This is over:";
      case WITHDRAWN -> "Late data has come, and with it nothing was wrong:";
    };
  }

  private static String line(Alert.Series series) {
    String explanation = series.explanation();
    if (explanation.startsWith(series.metric() + " of ")) {
      return explanation; // it says itself what it is about
    }
    if (explanation.startsWith(series.metric() + " is ")) {
      return name(series) + explanation.substring(series.metric().length());
    }
    StringBuilder line =
        new StringBuilder(name(series)).append(" is ").append(number(series.actual()));
    if (!Double.isNaN(series.lower()) && !Double.isNaN(series.upper())) {
      line.append(", expected ")
          .append(number(series.lower()))
          .append(" to ")
          .append(number(series.upper()));
    }
    return explanation.isEmpty()
        ? line.toString()
        : line.append(": ").append(explanation).toString();
  }

  private static String name(Alert.Series series) {
    return series.grouping().equals("all")
        ? series.metric()
        : series.metric() + " of " + series.grouping() + ' ' + EventText.shown(series.value());
  }
}
