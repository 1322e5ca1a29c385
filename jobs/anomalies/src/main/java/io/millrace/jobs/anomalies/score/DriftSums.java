package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.EffectRules;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.domain.anomaly.Surprise;

/**
 * One memory of how far the series has been off its season: what no single point shows, because
 * each is within its noise, the mean over hours or days does.
 *
 * <p>Deviations fade exponentially over the span. Their spread is the sum's own past one, as
 * neighbours are not independent, and it is known only from as many spans as have passed: Student's
 * t. Single deviations are cut at four, so that one spike is no drift.
 */
final class DriftSums {
  private static final double LARGEST = 4;
  private static final double READY_SPANS = 5;
  private static final double LEARN_SPANS = 2;
  private static final double MOST_DEGREES = 15;

  private final SeriesType type;
  private final double points;
  private final double cadenceMillis;
  private final double forgetPoints;
  private double mean;
  private double square;
  private double squares;
  private double off;
  private double expected;

  DriftSums(SeriesType type, double points, double cadenceMillis, double forgetPoints) {
    this.type = type;
    this.points = points;
    this.cadenceMillis = cadenceMillis;
    this.forgetPoints = forgetPoints;
  }

  double spanMillis() {
    return points * cadenceMillis;
  }

  void add(double deviations, double valueOff, double valueExpected) {
    double cut = Math.max(-LARGEST, Math.min(LARGEST, deviations));
    mean += (cut - mean) / points;
    off += (valueOff - off) / points;
    expected += (Math.abs(valueExpected) - expected) / points;
  }

  double surprise(long pointsSeen, boolean described) {
    if (pointsSeen < READY_SPANS * points) {
      return Surprise.NONE;
    }
    double degrees = Math.min(MOST_DEGREES, Math.max(2, squares / (2 * points)));
    double independent = 1 / (2 * points);
    double deviations = Math.abs(mean) / Math.sqrt(Math.max(square, independent));
    double surprise = Surprise.ofProbability(Surprise.student(deviations, degrees), spanMillis());
    if (!described) {
      return surprise;
    }
    double effect = off / Math.max(expected, 1e-9);
    double bound = EffectRules.bound(type, effect, spanMillis());
    if (type == SeriesType.COUNT) {
      bound = Math.min(bound, EffectRules.poissonBound(off, expected, points, cadenceMillis));
    }
    return Math.min(surprise, bound);
  }

  /** Learns what is usual; not while an anomaly lasts. */
  void learn(long pointsSeen) {
    if (pointsSeen >= LEARN_SPANS * points) {
      squares = Math.min(squares + 1, forgetPoints);
      square += (mean * mean - square) / squares;
    }
  }

  /** What lasted is accepted: begins anew. */
  void forgetMean() {
    mean = 0;
    off = 0;
  }

  void write(StateWriter out) {
    out.put(mean).put(square).put(squares).put(off).put(expected);
  }

  void read(StateReader in) {
    mean = in.nextDouble();
    square = in.nextDouble();
    squares = in.nextDouble();
    off = in.nextDouble();
    expected = in.nextDouble();
  }
}
