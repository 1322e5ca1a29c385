package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;

/**
 * How noisy a series is, on the scale of even noise: of single points by hour of the day (nights
 * are calmer than days), and of the distance to the season.
 */
final class Spread {
  /** From a mean absolute deviation to a standard one, of normal noise. */
  private static final double TO_DEVIATION = 1.25;

  private static final double LARGEST = 4;
  private static final double HOUR_PRIOR = 20;

  private final double weekOfHourPoints;
  private final double[] hours = new double[24];
  private final double[] hourPoints = new double[24];
  private double points = -1;
  private double season = -1;

  Spread(double pointsPerHour) {
    this.weekOfHourPoints = 7 * pointsPerHour + HOUR_PRIOR;
  }

  void start(double deviation) {
    if (points < 0) {
      points = deviation;
      season = deviation;
    }
  }

  double ofPoint(int hour, double least) {
    double known =
        hourPoints[hour] > 0
            ? (hours[hour] * hourPoints[hour] + points * HOUR_PRIOR)
                / (hourPoints[hour] + HOUR_PRIOR)
            : points;
    return Math.max(least, known * TO_DEVIATION);
  }

  double ofSeason(double least) {
    return Math.max(least, season * TO_DEVIATION);
  }

  double typical(double least) {
    return Math.max(least, points);
  }

  void learn(
      int hour,
      double innovation,
      double residual,
      double least,
      double share,
      double seasonShare) {
    double cut = Math.min(Math.abs(innovation), LARGEST * Math.max(points, least));
    points += (cut - points) * share;
    hourPoints[hour] = Math.min(hourPoints[hour] + 1, weekOfHourPoints);
    hours[hour] += (cut - hours[hour]) / hourPoints[hour];
    double cutResidual = Math.min(Math.abs(residual), LARGEST * Math.max(season, least));
    season += (cutResidual - season) * seasonShare;
  }

  void write(StateWriter out) {
    out.put(hours).put(hourPoints).put(points).put(season);
  }

  void read(StateReader in) {
    in.next(hours);
    in.next(hourPoints);
    points = in.nextDouble();
    season = in.nextDouble();
  }
}
