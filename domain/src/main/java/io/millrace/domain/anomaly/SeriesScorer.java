package io.millrace.domain.anomaly;

import java.time.Duration;
import java.util.List;

/**
 * Judges one series point by point, in the order in which they come.
 *
 * <p>Strictly causal: a verdict rests on its point and those before it. Its memory is bounded, and
 * a scorer restored from {@link #state()} goes on exactly as the one that wrote it.
 */
public interface SeriesScorer {
  Verdict score(Point point);

  /** All that it knows, at most {@link #STATE_LIMIT_BYTES}. */
  byte[] state();

  /** What is expected of the time after the last point; empty while learning. */
  List<Forecast> forecast(Duration ahead);

  int STATE_LIMIT_BYTES = 64 * 1024;
}
