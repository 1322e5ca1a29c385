package io.millrace.standalone.backfill;

import io.millrace.domain.event.VisitorKey;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What there is to be recomputed, as a reader sees it that knows nothing of Flink.
 *
 * @param events how many were read
 * @param inRange how many of them lie in the range itself
 * @param lastReceivedAt when the last of them arrived, epoch ms
 * @param recentVisitors keys of visitors of whom an event arrived lately
 * @param recentWindows keys of windows that such an event lies in
 */
record EventScan(
    long events,
    long inRange,
    long lastReceivedAt,
    Set<String> recentVisitors,
    Set<String> recentWindows) {
  /**
   * @param read all events that are read: those of the range and of a margin around it
   * @param arrivedBefore an event that arrived at this time (epoch ms) or later is recent
   */
  static EventScan of(
      Table events,
      long snapshotId,
      TimeRange read,
      TimeRange range,
      Set<String> tenants,
      long arrivedBefore)
      throws IOException {
    long count = 0;
    long inRange = 0;
    long last = Long.MIN_VALUE;
    Set<String> visitors = new HashSet<>();
    Set<String> windows = new HashSet<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(events)
            .useSnapshot(snapshotId)
            .where(Expressions.and(read.of("occurred_at"), ofTenants(tenants)))
            .select("tenant", "visitor_id", "occurred_at", "received_at")
            .build()) {
      for (Record row : rows) {
        count++;
        inRange += range.contains(millis(row, "occurred_at")) ? 1 : 0;
        long receivedAt = millis(row, "received_at");
        last = Math.max(last, receivedAt);
        if (receivedAt >= arrivedBefore) {
          String tenant = (String) row.getField("tenant");
          visitors.add(VisitorKey.of(tenant, (String) row.getField("visitor_id")));
          windows.add(Settled.windowOf(tenant, millis(row, "occurred_at")));
        }
      }
    }
    return new EventScan(count, inRange, last, visitors, windows);
  }

  /** Rows of these tenants; none means all. */
  static Expression ofTenants(Set<String> tenants) {
    return tenants.isEmpty() ? Expressions.alwaysTrue() : Expressions.in("tenant", tenants);
  }

  static long millis(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant().toEpochMilli();
  }
}
