package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Measures;

/**
 * What was measured of one segment (a grouping's value) in one window, as it is now; it comes again
 * when late data changes it. A Flink POJO.
 */
public final class SegmentWindow {
  public String tenant;

  /** Label of the {@code Grouping}. */
  public String grouping;

  public String value;

  /** Whether this is of bots alone; else it is of all but bots. */
  public boolean bot;

  /** Epoch ms. */
  public long windowStart;

  public long windowMillis;

  /** Empty when all that was there has been taken back; null where the segment is let go. */
  public Measures sums;

  /** Whether its series are judged, else its windows are only kept. */
  public boolean watched;
}
