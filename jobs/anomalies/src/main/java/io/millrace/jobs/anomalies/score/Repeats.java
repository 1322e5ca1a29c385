package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.domain.anomaly.Surprise;

/**
 * How improbable it is that the value has not changed for so long: a stuck sensor or cache. How
 * often a value repeats is the series' own past, by hour of the day; small counts repeat by chance.
 */
final class Repeats {
  private static final double MOST_USUAL = 0.3;
  private static final double SEVERAL = 0.9;
  private static final double LEAST_MEAN = 0.08;

  private final double keep;
  private final double[] repeats = new double[24];
  private final double[] points = new double[24];
  private double runLog;
  private double last = Double.NaN;

  Repeats(double pointsPerHour) {
    this.keep = 1 - 1 / (28 * pointsPerHour + 20);
  }

  double add(
      int hour,
      double value,
      SeriesType type,
      double expected,
      double cadenceMillis,
      boolean learn) {
    double usual = Math.max(share(repeats[hour], points[hour]), share(sum(repeats), sum(points)));
    if (type == SeriesType.COUNT) {
      // Two Poisson counts of this mean are equal that often.
      usual = Math.max(usual, 1 / Math.sqrt(4 * Math.PI * Math.max(expected, LEAST_MEAN)));
    }
    boolean same = value == last;
    last = value;
    runLog = same ? runLog - Math.log10(usual) : 0;
    if (learn) {
      repeats[hour] = repeats[hour] * keep + (same ? 1 : 0);
      points[hour] = points[hour] * keep + 1;
    }
    return same && usual < MOST_USUAL
        ? Surprise.ofProbability(runLog, cadenceMillis) - SEVERAL
        : Surprise.NONE;
  }

  private static double share(double some, double all) {
    return (some + 1) / (all + 2);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  void write(StateWriter out) {
    out.put(repeats).put(points).put(runLog).put(last);
  }

  void read(StateReader in) {
    in.next(repeats);
    in.next(points);
    runLog = in.nextDouble();
    last = in.nextDouble();
  }
}
