package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import org.apache.flink.types.RowKind;

/** One group's sums in one window; cold, a step in the history of {@code lake.metrics_15m}. */
public final class MetricRow {
  /** {@link RowKind#toByteValue()}; of a row that goes only the identifying fields are set. */
  public byte kind;

  public String tenant;
  public String grouping;
  public String value;
  public boolean bot;

  /** Epoch ms. */
  public long windowStart;

  /** Of the hot store: whether this is a window of a minute, else one of a quarter of an hour. */
  public boolean minute;

  public Measures sums;
  public int revision;

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }
}
