package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.Forecast;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.VerdictState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Judges a series by its own past.
 *
 * <p>What nobody said of it (type, cadence) is found from the first {@value #FIRST_POINTS} points,
 * which are kept until then and given to the model first.
 */
final class OwnPastScorer implements SeriesScorer {
  private static final int FIRST_POINTS = 60;
  private static final double LEAST_CADENCE_MILLIS = 60_000;

  private final Series series;
  private final String version;
  private final List<Point> first = new ArrayList<>();
  private SeriesType type;
  private double cadenceMillis;

  /** Null until type and cadence are known. */
  private SeriesModel model;

  OwnPastScorer(Series series, String version) {
    this.series = series;
    this.version = version;
    if (series.type() != null && series.cadence() != null) {
      start(series.type(), series.cadence().toMillis());
    }
  }

  static OwnPastScorer restore(Series series, String version, byte[] state) {
    OwnPastScorer scorer = new OwnPastScorer(series, version);
    scorer.read(new StateReader(state));
    return scorer;
  }

  @Override
  public Verdict score(Point point) {
    if (Double.isNaN(point.value()) || Double.isInfinite(point.value())) {
      boolean learns = model == null || model.learns(point.timestampMillis());
      return silent(point, learns ? VerdictState.LEARNING : VerdictState.NORMAL);
    }
    if (model != null) {
      return model.score(point);
    }
    first.add(point);
    if (first.size() < FIRST_POINTS) {
      return silent(point, VerdictState.LEARNING);
    }
    start(
        series.type() == null ? likelyType() : series.type(),
        series.cadence() == null ? likelyCadence() : series.cadence().toMillis());
    first.subList(0, FIRST_POINTS - 1).forEach(model::score);
    first.clear();
    return model.score(point);
  }

  private Verdict silent(Point point, VerdictState state) {
    return new Verdict(
        point.timestampMillis(),
        point.value(),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0,
        0,
        state,
        version);
  }

  private void start(SeriesType knownType, double knownCadenceMillis) {
    type = knownType;
    cadenceMillis = knownCadenceMillis;
    model = new SeriesModel(series, type, cadenceMillis, version);
  }

  /** Whole numbers from 0 are counts. */
  private SeriesType likelyType() {
    boolean counts =
        first.stream().allMatch(p -> p.value() >= 0 && p.value() == Math.rint(p.value()));
    return counts ? SeriesType.COUNT : SeriesType.GAUGE;
  }

  private double likelyCadence() {
    double[] steps = new double[FIRST_POINTS - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = first.get(i + 1).timestampMillis() - first.get(i).timestampMillis();
    }
    Arrays.sort(steps);
    return Math.max(LEAST_CADENCE_MILLIS, steps[steps.length / 2]);
  }

  @Override
  public List<Forecast> forecast(Duration ahead) {
    return model == null ? List.of() : model.forecast(ahead);
  }

  @Override
  public byte[] state() {
    StateWriter out = new StateWriter().put(version).put(model != null);
    if (model == null) {
      out.put(first.size());
      first.forEach(point -> out.put(point.timestampMillis()).put(point.value()));
    } else {
      out.put(type.name()).put(cadenceMillis);
      model.write(out);
    }
    return out.bytes();
  }

  private void read(StateReader in) {
    String writer = in.nextString();
    if (!writer.equals(version)) {
      throw new IllegalArgumentException(
          "Cannot restore the scorer of "
              + series.name()
              + ": version "
              + writer
              + " wrote its state, this is "
              + version
              + "; let it learn anew");
    }
    if (in.nextBoolean()) {
      start(SeriesType.valueOf(in.nextString()), in.nextDouble());
      model.read(in);
    } else {
      int count = in.nextInt();
      for (int i = 0; i < count; i++) {
        first.add(new Point(in.nextLong(), in.nextDouble()));
      }
    }
  }
}
