package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import io.millrace.jobs.kit.WriteBackCache;
import java.util.HashMap;
import java.util.Map;

/** One group's window in the cache, with those of its minutes that were asked for. */
final class CachedWindow extends WriteBackCache.Entry {
  final MetricWindow window;

  /** By start, epoch ms. */
  final Map<Long, Measures> minutes = new HashMap<>(2);

  /** The sum of all minutes; null until it was asked for. */
  Measures quarter;

  /** Whether a timer is set that shows the quarter when it is over; false where nobody knows. */
  boolean quarterTimerSet;

  /** What the window and its minutes were weighed with last. */
  long weighedBytes;

  CachedWindow(String key, MetricWindow window) {
    super(key, 0);
    this.window = window;
  }
}
