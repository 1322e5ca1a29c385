package io.millrace.jobs.anomalies;

import org.apache.flink.types.RowKind;

/** What is said of one series in one window; a step in the history of {@code lake.anomalies}. */
public final class VerdictRow {
  /** {@link RowKind#toByteValue()}. */
  public byte kind;

  public String tenant;

  /** {@code metric|grouping|value|15m}; unique in a tenant. */
  public String series;

  public String metric;
  public String grouping;
  public String value;

  /** Epoch ms. */
  public long windowStart;

  /** Epoch ms, exclusive. */
  public long windowEnd;

  /** In the metric's unit, as are expected, lower and upper; NaN where there was no value. */
  public double actual;

  public double expected;
  public double lower;
  public double upper;

  /** 0 to 1; an alarm from {@code Verdict.THRESHOLD}. */
  public double score;

  /** Name of the {@code VerdictState}, in small letters. */
  public String state;

  /** Name of the {@code Severity}, in small letters; null unless it is anomalous. */
  public String severity;

  /** For people; empty where there is nothing to explain. */
  public String explanation;

  /** The segments that explain it, as JSON; null where none do. */
  public String segments;

  /** Why the data itself is to be suspected, see {@code TrackingFault}; null where it is not. */
  public String fault;

  public String modelVersion;

  /** How many points the series had been learned from. */
  public long history;

  /**
   * How long after its time the window was judged, ms, as the pipeline was behind; {@link
   * #NOT_LIVE} where old data came, which is never in time.
   */
  public long behindMillis;

  public static final long NOT_LIVE = -1;

  public int revision;

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }
}
