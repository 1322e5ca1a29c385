package io.millrace.domain.alert;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** Something about one series in one closed window. */
public sealed interface WindowFact extends Fact permits AnomalyFact, MeasureFact {
  String metric();

  /** {@code all}, {@code country} … */
  String grouping();

  /** The grouping's value; {@code all} for {@code all}. */
  String value();

  long windowStartMillis();

  /** Exclusive. */
  long windowEndMillis();

  double actual();

  @JsonIgnore
  default long windowMillis() {
    return windowEndMillis() - windowStartMillis();
  }

  /** The series by name: windows of different lengths are different series. */
  @JsonIgnore
  default String seriesKey() {
    return metric() + '|' + grouping() + '|' + value() + '|' + windowMillis();
  }

  @Override
  @JsonIgnore
  default long knownAtMillis() {
    return windowEndMillis();
  }

  /** Refuses a window that is none. */
  static void requireWindow(String series, long startMillis, long endMillis) {
    if (endMillis <= startMillis) {
      throw new IllegalArgumentException(
          "The window of "
              + series
              + " is from "
              + startMillis
              + " to "
              + endMillis
              + "; its end must be after its start");
    }
  }
}
