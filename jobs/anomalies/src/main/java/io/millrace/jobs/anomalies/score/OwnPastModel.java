package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;

/** The scorers that ship: each judges its series by the series' own past. */
public final class OwnPastModel implements ScorerModel {
  private static final String VERSION = "own-past-1";

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public SeriesScorer start(Series series) {
    return new OwnPastScorer(series, VERSION);
  }

  @Override
  public SeriesScorer restore(Series series, byte[] state) {
    return OwnPastScorer.restore(series, VERSION, state);
  }
}
