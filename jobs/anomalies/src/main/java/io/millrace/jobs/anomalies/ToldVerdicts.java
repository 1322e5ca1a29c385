package io.millrace.jobs.anomalies;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.types.RowKind;

/**
 * What was said of the windows of a segment, so that it can be taken back: every verdict that is
 * news, for {@value #KEPT_DAYS} days.
 */
final class ToldVerdicts {
  static final int KEPT_DAYS = 8;

  static final String ANOMALOUS = "anomalous";
  static final String RECOVERED = "recovered";
  static final String WITHDRAWN = "withdrawn";

  private final MapState<String, VerdictRow> told;
  private final Consumer<VerdictRow> out;

  ToldVerdicts(MapState<String, VerdictRow> told, Consumer<VerdictRow> out) {
    this.told = told;
    this.out = out;
  }

  /** Says a verdict, unless it is no news: the same as before, or usual. */
  void tell(VerdictRow row) throws Exception {
    VerdictRow before = told.get(key(row.series, row.windowStart));
    if (isNews(row)) {
      if (before == null) {
        row.revision = 1;
        row.kind = RowKind.INSERT.toByteValue();
        keep(row);
      } else if (!before.state.equals(row.state) || before.actual != row.actual) {
        replace(before, row);
      }
    } else if (before != null && !before.state.equals(WITHDRAWN)) {
      row.state = WITHDRAWN;
      row.explanation = withdrawn(before, row.actual);
      replace(before, row);
    }
  }

  /** Takes back what was said of a window if its value, which has changed, is usual now. */
  void restated(String series, long windowStart, double actual) throws Exception {
    VerdictRow before = told.get(key(series, windowStart));
    if (before == null
        || !before.state.equals(ANOMALOUS)
        || !(actual >= before.lower && actual <= before.upper)) {
      return;
    }
    VerdictRow row = copy(before);
    row.actual = actual;
    row.score = 0;
    row.severity = null;
    row.state = WITHDRAWN;
    row.explanation = withdrawn(before, actual);
    replace(before, row);
  }

  /** Forgets what was said of windows before that time. */
  void forgetBefore(long start) throws Exception {
    List<String> old = new ArrayList<>();
    for (VerdictRow row : told.values()) {
      if (row.windowStart < start) {
        old.add(key(row.series, row.windowStart));
      }
    }
    for (String key : old) {
      told.remove(key);
    }
  }

  private static boolean isNews(VerdictRow row) {
    return row.state.equals(ANOMALOUS) || row.state.equals(RECOVERED);
  }

  private void replace(VerdictRow before, VerdictRow row) throws Exception {
    VerdictRow goes = copy(before);
    goes.kind = RowKind.UPDATE_BEFORE.toByteValue();
    out.accept(goes);
    row.revision = before.revision + 1;
    row.kind = RowKind.UPDATE_AFTER.toByteValue();
    keep(row);
  }

  private void keep(VerdictRow row) throws Exception {
    told.put(key(row.series, row.windowStart), row);
    // A copy, as what comes after it in the chain may add to it.
    out.accept(copy(row));
  }

  private static String withdrawn(VerdictRow before, double actual) {
    return "withdrawn: late data changed "
        + before.metric
        + " from "
        + before.actual
        + " to "
        + actual;
  }

  private static String key(String series, long windowStart) {
    return series + '|' + windowStart;
  }

  private static VerdictRow copy(VerdictRow row) {
    VerdictRow copy = new VerdictRow();
    copy.kind = row.kind;
    copy.tenant = row.tenant;
    copy.series = row.series;
    copy.metric = row.metric;
    copy.grouping = row.grouping;
    copy.value = row.value;
    copy.windowStart = row.windowStart;
    copy.windowEnd = row.windowEnd;
    copy.actual = row.actual;
    copy.expected = row.expected;
    copy.lower = row.lower;
    copy.upper = row.upper;
    copy.score = row.score;
    copy.state = row.state;
    copy.severity = row.severity;
    copy.explanation = row.explanation;
    copy.segments = row.segments;
    copy.fault = row.fault;
    copy.modelVersion = row.modelVersion;
    copy.history = row.history;
    copy.behindMillis = row.behindMillis;
    copy.revision = row.revision;
    return copy;
  }
}
