package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;

/**
 * State: one group's cold window. Cleared {@code kept} after its last change, in processing time. A
 * Flink POJO.
 */
public final class MetricWindow {
  /** No timer is set, no change is waiting. */
  public static final long NONE = Long.MAX_VALUE;

  public String tenant;
  public String grouping;
  public String value;
  public boolean bot;
  public long windowStart;
  public Measures sums = new Measures();

  /** Revision of the row written last; 0 before the first. */
  public int revision;

  /**
   * Whether the lake has a row: not while nothing happened in the window, or all was taken back.
   */
  public boolean inLake;

  /** Processing time of the last change, epoch ms. */
  public long touchedAt;

  /**
   * Processing time of the first change that the lake has not got, epoch ms; {@link #NONE} if it
   * has all.
   */
  public long waitingSince = NONE;

  /** The processing-time timer that is set, epoch ms. */
  public long timer = NONE;
}
