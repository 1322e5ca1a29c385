package io.millrace.standalone.backfill;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Which rows of a table somebody else has written between two snapshots.
 *
 * <p>The running platform commits every few seconds; only what it added is read, never the table.
 */
final class TouchedKeys {
  private TouchedKeys() {}

  /**
   * @param base snapshot that was compared; null if the table was empty
   * @throws OvertakenException if somebody removed whole files, so that it cannot be told whose
   *     rows they held
   */
  static Set<String> between(Table table, TableRows rows, Long base, long head)
      throws IOException, OvertakenException {
    Schema ids = TypeUtil.select(table.schema(), table.schema().identifierFieldIds());
    Set<String> keys = new HashSet<>();
    for (Snapshot snapshot : SnapshotUtil.ancestorsBetween(head, base, table::snapshot)) {
      if (snapshot.operation().equals(DataOperations.REPLACE)) {
        continue; // compaction: other files, the same rows
      }
      SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
      if (changes.removedDataFiles().iterator().hasNext()) {
        throw new OvertakenException(
            "lake.%s was rewritten meanwhile (snapshot %d removed files); run it again"
                .formatted(rows.table(), snapshot.snapshotId()));
      }
      for (DataFile file : changes.addedDataFiles()) {
        collect(table, rows, ids, file, keys);
      }
      for (DeleteFile file : changes.addedDeleteFiles()) {
        // Position deletes concern rows that the same commit added, which are among the keys.
        if (file.content() == FileContent.EQUALITY_DELETES) {
          collect(table, rows, ids, file, keys);
        }
      }
    }
    return keys;
  }

  private static void collect(
      Table table, TableRows rows, Schema ids, ContentFile<?> file, Set<String> keys)
      throws IOException {
    try (CloseableIterable<Record> records =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(ids)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(ids, type))
            .build()) {
      for (Record row : records) {
        keys.add(rows.key(row));
      }
    }
  }
}
