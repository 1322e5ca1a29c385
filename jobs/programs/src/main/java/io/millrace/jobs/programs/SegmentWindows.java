package io.millrace.jobs.programs;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.anomalies.SegmentWindow;
import io.millrace.jobs.metrics.MetricRow;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/** What the metrics job sums, as the anomalies job takes it. */
final class SegmentWindows {
  private SegmentWindows() {}

  /** A cold row: of one that is replaced nothing is said, as what replaces it follows. */
  static void ofQuarter(MetricRow row, Collector<SegmentWindow> out) {
    if (row.rowKind() != RowKind.UPDATE_BEFORE) {
      SegmentWindow window = window(row, MetricRules.WINDOW_MS);
      if (row.rowKind() == RowKind.DELETE) {
        window.sums = new Measures();
      }
      out.collect(window);
    }
  }

  /** A minute of a whole tenant's people: more series of minutes would be noise. */
  static void ofMinute(MetricRow row, Collector<SegmentWindow> out) {
    if (row.minute && !row.bot && row.grouping.equals(Grouping.ALL.label())) {
      out.collect(window(row, MetricRules.MINUTE_MS));
    }
  }

  private static SegmentWindow window(MetricRow row, long millis) {
    SegmentWindow window = new SegmentWindow();
    window.tenant = row.tenant;
    window.grouping = row.grouping;
    window.value = row.value;
    window.bot = row.bot;
    window.windowStart = row.windowStart;
    window.windowMillis = millis;
    window.sums = row.sums;
    return window;
  }
}
