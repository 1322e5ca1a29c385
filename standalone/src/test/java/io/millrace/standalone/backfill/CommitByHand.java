package io.millrace.standalone.backfill;

import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.io.TaskWriter;
import org.apache.iceberg.io.WriteResult;

/** Changes a table as the running platform's sink does, with the revisions that the rows have. */
final class CommitByHand {
  private final Table table;
  private final TableRows rows;

  CommitByHand(Table table, TableRows rows) {
    this.table = table;
    this.rows = rows;
  }

  /** One commit: stored rows go, recomputed ones come. */
  void commit(List<Difference> changes) throws Exception {
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table,
            rows.type(),
            128L << 20,
            FileFormat.PARQUET,
            table.properties(),
            List.copyOf(table.schema().identifierFieldIds()),
            false);
    factory.initialize(0, 0);
    TaskWriter<RowData> writer = factory.create();
    for (Difference change : changes) {
      for (LakeRow row : change.stored) {
        writer.write(rows.row(row, RowKind.DELETE, row.revision));
      }
      if (change.recomputed != null) {
        writer.write(rows.row(change.recomputed, RowKind.INSERT, change.recomputed.revision));
      }
    }
    WriteResult result = writer.complete();
    RowDelta delta = table.newRowDelta();
    List.of(result.dataFiles()).forEach(delta::addRows);
    List.of(result.deleteFiles()).forEach(delta::addDeletes);
    delta.commit();
  }
}
