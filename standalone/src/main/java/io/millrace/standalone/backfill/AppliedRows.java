package io.millrace.standalone.backfill;

import io.millrace.domain.goal.Conversion;
import io.millrace.domain.session.Session;
import io.millrace.jobs.conversions.HotCount;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;

/** Gathers what differences that main has been rid of mean to the hot store. */
final class AppliedRows {
  private final TimeRange kept;
  private final List<Session> sessions = new ArrayList<>();
  private final List<Conversion> conversions = new ArrayList<>();
  private final List<HotCount> counts = new ArrayList<>();
  private boolean anyHot;

  /**
   * @param kept the time that the hot store keeps
   */
  AppliedRows(TimeRange kept) {
    this.kept = kept;
  }

  void add(Difference difference, TableRows rows) {
    boolean extra = difference.kind() == Difference.Kind.EXTRA;
    for (LakeRow lakeRow : difference.rows()) {
      RowData row = rows.row(lakeRow, RowKind.INSERT, lakeRow.revision);
      switch (difference.table) {
        case "sessions" -> {
          if (keeps(millis(rows.value(row, "ended_at"))) && extra) {
            sessions.add(new SessionRows(rows.type()).map(row));
          }
        }
        case "conversions" -> {
          Conversion conversion = StoredCounts.conversion(rows, row);
          if (keeps(conversion.occurredAt)) {
            counts.add(HotCount.of(conversion));
            if (extra) {
              conversions.add(conversion);
            }
          }
        }
        case "funnel_steps" -> {
          if (keeps(rows.startsAt(row))) {
            counts.add(HotCount.of(StoredCounts.step(rows, row), 1));
          }
        }
        case "attribution" -> {} // the hot store has none of it
        default -> keeps(rows.startsAt(row));
      }
    }
  }

  /** A row that somebody wrote without the time is of long ago. */
  private static long millis(Object time) {
    return time == null ? 0 : ((TimestampData) time).getMillisecond();
  }

  private boolean keeps(long at) {
    boolean hot = kept.contains(at);
    anyHot |= hot;
    return hot;
  }

  /** Whether the hot store shows, or should show, any of the rows. */
  boolean anyHot() {
    return anyHot;
  }

  HotRebuild.Mended mended() {
    return new HotRebuild.Mended(sessions, conversions, counts);
  }
}
