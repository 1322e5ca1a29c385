package io.millrace.jobs.metrics;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the metrics job behaves.
 *
 * @param quiet how long a closed window must have been quiet, in processing time, before it is
 *     restated
 * @param patience how long a closed window that is never quiet waits at most
 * @param kept how long after its last change a window stays in state, in processing time
 * @param cacheBytes bound of the cache of one subtask
 */
public record MetricOptions(Duration quiet, Duration patience, Duration kept, long cacheBytes)
    implements Serializable {
  /**
   * Quiet is longer than that of sessions: the sessions of an import come when its events have been
   * quiet, and a window that did not wait for them would be written twice.
   */
  public static final MetricOptions DEFAULT =
      new MetricOptions(
          Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofDays(7), 64L << 20);

  public MetricOptions {
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException(
          "metrics.quiet is " + quiet + "; give a duration above 0, for example \"10 s\"");
    }
    if (patience.compareTo(quiet) < 0) {
      throw new IllegalArgumentException(
          "metrics.patience is " + patience + "; give at least metrics.quiet (" + quiet + ")");
    }
    if (kept.compareTo(patience) <= 0) {
      throw new IllegalArgumentException(
          "metrics.kept is "
              + kept
              + "; give a duration above metrics.patience ("
              + patience
              + ")");
    }
    if (cacheBytes <= 0) {
      throw new IllegalArgumentException(
          "metrics.cache-bytes is " + cacheBytes + "; give a size above 0, for example 67108864");
    }
  }

  public MetricOptions withQuiet(Duration changed) {
    Duration atLeast = patience.compareTo(changed) < 0 ? changed : patience;
    return new MetricOptions(changed, atLeast, kept, cacheBytes);
  }

  public MetricOptions withCacheBytes(long changed) {
    return new MetricOptions(quiet, patience, kept, changed);
  }
}
