package io.millrace.domain.alert;

/** What one alert is about while it lasts. */
public enum Together {
  RULE,
  METRIC,
  SEGMENT,
  SERIES;

  /** The part of a fact that makes a group of its own. */
  String groupOf(WindowFact fact) {
    return switch (this) {
      case RULE -> "";
      case METRIC -> fact.metric();
      case SEGMENT -> fact.grouping() + '=' + fact.value();
      case SERIES -> fact.metric() + ' ' + fact.grouping() + '=' + fact.value();
    };
  }
}
