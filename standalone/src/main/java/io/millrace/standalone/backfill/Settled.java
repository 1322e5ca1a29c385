package io.millrace.standalone.backfill;

import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.metric.MetricRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;

/**
 * Parts differences that may be mended from those that the running platform may be about to mend
 * itself.
 *
 * <p>The platform inserts a session's first row without looking whether there is one, so a row that
 * it is about to insert must not be there already. It may be about to do so for every visitor of
 * whom an event came lately, and for all that can have closed only lately. A window's numbers
 * follow from its sessions, so a session left alone leaves the windows in which it starts alone.
 */
final class Settled {
  /** How long after its event-time end a result is surely written, when the platform runs. */
  static final long CLOSES_WITHIN_MS = 60_000;

  private final long arrivedBefore;
  private final long gapMs;
  private final Set<String> recentVisitors;
  private final Set<String> leftWindows;

  /**
   * @param arrivedBefore only what no event touched that arrived at this time or later is settled;
   *     epoch ms
   * @param recentVisitors keys of visitors of whom an event arrived since
   * @param recentWindows keys of windows in which such an event lies
   */
  Settled(long arrivedBefore, long gapMs, Set<String> recentVisitors, Set<String> recentWindows) {
    this.arrivedBefore = arrivedBefore;
    this.gapMs = gapMs;
    this.recentVisitors = recentVisitors;
    this.leftWindows = new HashSet<>(recentWindows);
  }

  /** What came of the differences of one table. */
  record Sifted(List<Difference> settled, long unsettled) {}

  /** Must be asked for sessions before metrics. */
  Sifted sessions(List<Difference> differences, TableRows rows) {
    return sift(
        differences,
        difference -> {
          boolean settled = true;
          for (LakeRow lakeRow : difference.rows()) {
            RowData row = rows.row(lakeRow, RowKind.INSERT, 0);
            settled &= time(rows, row, "ended_at") + gapMs + CLOSES_WITHIN_MS <= arrivedBefore;
            settled &= !recentVisitors.contains(visitor(rows, row));
          }
          if (!settled) {
            leftWindows.addAll(startWindows(difference, rows));
          }
          return settled;
        });
  }

  Sifted metrics(List<Difference> differences, TableRows rows) {
    return sift(
        differences,
        difference -> {
          RowData row = rows.row(difference.rows().get(0), RowKind.INSERT, 0);
          long start = rows.startsAt(row);
          return start + MetricRules.WINDOW_MS + CLOSES_WITHIN_MS <= arrivedBefore
              && !leftWindows.contains(window(tenant(rows, row), start));
        });
  }

  /**
   * Rows that follow from one visitor's events alone, and are written as soon as the visitor is
   * quiet.
   *
   * @param recentVisitors keys of visitors of whom an event arrived lately
   */
  static Sifted ofVisitors(
      List<Difference> differences, TableRows rows, Set<String> recentVisitors) {
    return sift(
        differences,
        difference ->
            !recentVisitors.contains(
                visitor(rows, rows.row(difference.rows().get(0), RowKind.INSERT, 0))));
  }

  private static Sifted sift(List<Difference> differences, Predicate<Difference> isSettled) {
    List<Difference> settled = new ArrayList<>();
    for (Difference difference : differences) {
      if (isSettled.test(difference)) {
        settled.add(difference);
      }
    }
    return new Sifted(settled, differences.size() - settled.size());
  }

  /** Keys of the windows in which the session starts, as it is stored and as it should be. */
  static Set<String> startWindows(Difference difference, TableRows rows) {
    Set<String> windows = new HashSet<>();
    for (LakeRow lakeRow : difference.rows()) {
      RowData row = rows.row(lakeRow, RowKind.INSERT, 0);
      windows.add(windowOf(tenant(rows, row), rows.startsAt(row)));
    }
    return windows;
  }

  static String visitor(TableRows rows, RowData row) {
    return VisitorKey.of(tenant(rows, row), String.valueOf(rows.value(row, "visitor_id")));
  }

  static String tenant(TableRows rows, RowData row) {
    return String.valueOf(rows.value(row, "tenant"));
  }

  /** Key of the window that holds the time. */
  static String windowOf(String tenant, long at) {
    return window(tenant, MetricRules.windowStart(at, MetricRules.WINDOW_MS));
  }

  private static String window(String tenant, long start) {
    return tenant + '|' + start;
  }

  private static long time(TableRows rows, RowData row, String column) {
    Object value = rows.value(row, column);
    return value == null ? Long.MIN_VALUE / 2 : ((TimestampData) value).getMillisecond();
  }

  /** The differences of each table. */
  static Map<String, List<Difference>> byTable(List<Difference> differences) {
    Map<String, List<Difference>> byTable = new HashMap<>();
    differences.forEach(
        difference ->
            byTable.computeIfAbsent(difference.table, table -> new ArrayList<>()).add(difference));
    return byTable;
  }
}
