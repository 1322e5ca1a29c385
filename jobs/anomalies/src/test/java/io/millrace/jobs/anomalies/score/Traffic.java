package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import java.util.List;

/**
 * A generated series.
 *
 * @param points of consecutive windows; NaN where a gap has none
 */
record Traffic(Series series, List<Point> points, List<Fault> faults) {
  int perDay() {
    return (int) (1440 / series.cadence().toMinutes());
  }
}
