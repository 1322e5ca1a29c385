package io.millrace.standalone.maintenance;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** Snapshots that nobody asks for any more, and the files that only they need. */
final class OldSnapshots {
  /** Snapshot property by which Flink's sink finds how far it had committed. */
  private static final String FLINK_JOB = "flink.job-id";

  private OldSnapshots() {}

  /**
   * Expires snapshots, but never the last one of the running pipeline: without it a restored job
   * would commit what is there already.
   *
   * @param before snapshots made before this time go, epoch ms
   * @return how many went
   */
  static int expire(Table table, long before) {
    Set<Long> had = ids(table);
    long cutoff = Math.min(before, lastOfThePipeline(table));
    table.expireSnapshots().expireOlderThan(cutoff).retainLast(1).cleanExpiredFiles(true).commit();
    had.removeAll(ids(table));
    return had.size();
  }

  private static long lastOfThePipeline(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (snapshot.summary().containsKey(FLINK_JOB)) {
        return snapshot.timestampMillis();
      }
    }
    return Long.MAX_VALUE;
  }

  private static Set<Long> ids(Table table) {
    table.refresh();
    Set<Long> ids = new HashSet<>();
    table.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
    return ids;
  }
}
