package io.millrace.jobs.kit;

/** What one watched series was in one closed window. A Flink POJO. */
public final class MeasureRow {
  public String tenant;
  public String metric;
  public String grouping;
  public String value;

  /** Epoch ms. */
  public long windowStart;

  /** Epoch ms, exclusive. */
  public long windowEnd;

  public double actual;

  /** Of how many it is the share; 0 where it is none. */
  public long sampleSize;

  public int revision;
}
