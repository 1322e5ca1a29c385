package io.millrace.standalone.backfill;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/** Which differences count: all, or those of some visitors and windows. */
public final class Selection {
  private final boolean all;
  private final Set<String> visitors;
  private final Set<String> windows;

  private Selection(boolean all, Set<String> visitors, Set<String> windows) {
    this.all = all;
    this.visitors = visitors;
    this.windows = windows;
  }

  public static Selection all() {
    return new Selection(true, Set.of(), Set.of());
  }

  /**
   * Sessions of these visitors; these windows, and those in which such a session starts that
   * differs.
   */
  static Selection of(Set<String> visitors, Set<String> windows) {
    return new Selection(false, visitors, new HashSet<>(windows));
  }

  /** Must be asked for sessions before metrics. */
  List<Difference> sessions(List<Difference> differences, TableRows rows) {
    if (all) {
      return differences;
    }
    List<Difference> chosen =
        differences.stream()
            .filter(difference -> visitors.contains(Settled.visitor(rows, any(difference, rows))))
            .toList();
    chosen.forEach(difference -> windows.addAll(Settled.startWindows(difference, rows)));
    return chosen;
  }

  List<Difference> metrics(List<Difference> differences, TableRows rows) {
    if (all) {
      return differences;
    }
    return differences.stream()
        .filter(
            difference -> {
              RowData row = any(difference, rows);
              return windows.contains(
                  Settled.windowOf(Settled.tenant(rows, row), rows.startsAt(row)));
            })
        .toList();
  }

  private static RowData any(Difference difference, TableRows rows) {
    return rows.row(difference.rows().get(0), RowKind.INSERT, 0);
  }
}
