package io.millrace.domain.anomaly;

/** Makes scorers of one version. */
public interface ScorerModel {
  /** Changes whenever a verdict or the form of the state does. */
  String version();

  SeriesScorer start(Series series);

  /**
   * Goes on from a state.
   *
   * @throws IllegalArgumentException if another version wrote it
   */
  SeriesScorer restore(Series series, byte[] state);
}
