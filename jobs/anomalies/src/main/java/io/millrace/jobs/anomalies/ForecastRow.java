package io.millrace.jobs.anomalies;

/** What is expected of one window of one series; a row of {@code lake.forecasts}. A Flink POJO. */
public final class ForecastRow {
  public String tenant;
  public String series;
  public String metric;
  public String grouping;
  public String value;

  /** Epoch ms. */
  public long windowStart;

  /** Epoch ms, exclusive. */
  public long windowEnd;

  /** Up to when data was known, epoch ms. */
  public long madeAt;

  public double expected;

  /** Of 20 windows 19 are between this and {@link #upper}. */
  public double lower;

  public double upper;
  public String modelVersion;
}
