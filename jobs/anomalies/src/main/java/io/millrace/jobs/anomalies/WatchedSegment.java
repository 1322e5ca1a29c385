package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.WatchedMetric;
import java.util.Arrays;

/**
 * State: one segment whose series are, or may come to be, watched. Cleared when nothing has come
 * for {@code AnomalyOptions.forgotten}, in event time, or when it is watched no more. A Flink POJO.
 */
public final class WatchedSegment {
  /** No timer is set. */
  public static final long NONE = Long.MAX_VALUE;

  public String tenant;
  public String grouping;
  public String value;

  /** Whether its series are judged now. */
  public boolean watched;

  /** How long the windows are that come, ms; series of longer ones are sums. */
  public long rowMillis;

  /** Start of the first window, epoch ms. */
  public long firstWindow;

  /** Start of the last window in which something happened, epoch ms. */
  public long lastWindow;

  /** For each lane the start of its first window that is not judged, epoch ms. */
  public long[] judgedTo;

  /** A bit for each metric (by ordinal) that has been above 0: others have no series yet. */
  public int metrics;

  /** How many windows changed since they were judged, or came after their time. */
  public int changedWindows;

  /** Processing time of the last of those changes, epoch ms. */
  public long changedAt;

  /** The processing-time timer at which it is learned anew, epoch ms; {@link #NONE} if none. */
  public long learnAnewAt = NONE;

  /** The event-time timer that is set, epoch ms. */
  public long timer = NONE;

  /** Which model wrote the scorers. */
  public String modelVersion;

  /** Whether a metric has a series: not before it is above 0 for the first time. */
  boolean begins(WatchedMetric metric, double actual) {
    int bit = 1 << metric.ordinal();
    if (actual > 0) {
      metrics |= bit;
    }
    return (metrics & bit) != 0;
  }

  /** Begins anew, as if nothing had been judged. */
  void judgeFrom(long windowStart) {
    Arrays.fill(judgedTo, windowStart);
    changedWindows = 0;
    metrics = 0;
  }
}
