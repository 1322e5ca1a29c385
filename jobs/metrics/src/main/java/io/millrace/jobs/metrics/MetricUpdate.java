package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.VisitorSketch;

/**
 * What some events or sessions add to one group's window: the first phase's sums, on their way to
 * the second.
 */
public final class MetricUpdate {
  public String tenant;

  /** Label of the {@code Grouping}. */
  public String grouping;

  public String value;
  public boolean bot;

  /** Start of the cold window, epoch ms. */
  public long windowStart;

  /**
   * Start of the hot window, epoch ms; {@link #NOT_HOT} where the event is too old for the hot
   * store.
   */
  public long minuteStart;

  public static final long NOT_HOT = Long.MIN_VALUE;

  /** Whether this is for the hot store alone, as the lake's window has it already. */
  public boolean hotOnly;

  /** Sums, without visitors. */
  public Measures sums;

  /** Hashes of the visitors seen, each once. */
  public long[] visitors;

  /** Adds sums and visitors to these. */
  void addTo(Measures total) {
    total.add(sums);
    if (visitors.length > 0) {
      total.visitors = VisitorSketch.add(total.visitors, visitors, visitors.length);
    }
  }

  String key() {
    return tenant + '|' + grouping + '|' + (bot ? '1' : '0') + '|' + windowStart + '|' + value;
  }
}
