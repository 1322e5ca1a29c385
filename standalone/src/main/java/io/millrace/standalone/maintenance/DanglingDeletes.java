package io.millrace.standalone.maintenance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.Pair;
import org.apache.iceberg.util.PartitionMap;

/**
 * Delete files that no longer apply to any row: compaction leaves them listed for ever.
 *
 * <p>An equality delete applies to data that is older than it, a position delete also to data of
 * its own commit. So one is idle when the oldest data of its partition is younger.
 */
final class DanglingDeletes {
  private DanglingDeletes() {}

  /** Removes them in one commit, and returns how many there were. */
  static int remove(Table table) throws IOException {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return 0;
    }
    PartitionMap<Long> oldest = PartitionMap.create(table.specs());
    long oldestOfAll = Long.MAX_VALUE;
    for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
      try (ManifestReader<DataFile> files =
          ManifestFiles.read(manifest, table.io(), table.specs())) {
        for (DataFile file : files) {
          long sequence = file.dataSequenceNumber();
          oldestOfAll = Math.min(oldestOfAll, sequence);
          Long before = oldest.get(key(file));
          oldest.put(key(file), before == null ? sequence : Math.min(before, sequence));
        }
      }
    }

    List<DeleteFile> idle = new ArrayList<>();
    for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
      try (ManifestReader<DeleteFile> files =
          ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
        for (DeleteFile file : files) {
          boolean everywhere =
              file.content() == FileContent.EQUALITY_DELETES
                  && table.specs().get(file.specId()).isUnpartitioned();
          Long data = everywhere ? Long.valueOf(oldestOfAll) : oldest.get(key(file));
          if (data == null || isIdle(file, data)) {
            idle.add(file.copyWithoutStats());
          }
        }
      }
    }
    if (!idle.isEmpty()) {
      RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(snapshot.snapshotId());
      idle.forEach(rewrite::deleteFile);
      rewrite.commit();
    }
    return idle.size();
  }

  private static boolean isIdle(DeleteFile file, long oldestData) {
    return file.content() == FileContent.EQUALITY_DELETES
        ? oldestData >= file.dataSequenceNumber()
        : oldestData > file.dataSequenceNumber();
  }

  private static Pair<Integer, StructLike> key(ContentFile<?> file) {
    return Pair.of(file.specId(), file.partition());
  }
}
