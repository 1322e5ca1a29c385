package io.millrace.standalone.pipeline;

import io.millrace.standalone.server.LakeCatalog;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/** Changes tables of the lake with Iceberg's own writers, as somebody might by hand. */
public final class LakeEditor {
  private final LakeCatalog lake;

  public LakeEditor(LakeCatalog lake) {
    this.lake = lake;
  }

  /** A row without values. */
  public Record row(String table) {
    try (JdbcCatalog catalog = lake.open()) {
      return GenericRecord.create(load(catalog, table).schema());
    }
  }

  /** One commit, in which rows go, all that have their identifying columns, and others come. */
  public void change(String name, List<Record> go, List<Record> come) throws Exception {
    try (JdbcCatalog catalog = lake.open()) {
      Table table = load(catalog, name);
      Set<Integer> ids = table.schema().identifierFieldIds();
      Schema idSchema = TypeUtil.select(table.schema(), ids);
      GenericAppenderFactory writers =
          new GenericAppenderFactory(
              table.schema(),
              table.spec(),
              ids.stream().mapToInt(Integer::intValue).toArray(),
              idSchema,
              null);
      OutputFileFactory files =
          OutputFileFactory.builderFor(table, 1, System.nanoTime())
              .format(FileFormat.PARQUET)
              .build();
      RowDelta delta = table.newRowDelta();
      for (Record row : come) {
        PartitionKey day = day(table, row);
        DataWriter<Record> writer =
            writers.newDataWriter(files.newOutputFile(table.spec(), day), FileFormat.PARQUET, day);
        writer.write(row);
        writer.close();
        delta.addRows(writer.toDataFile());
      }
      for (Record row : go) {
        Record id = GenericRecord.create(idSchema);
        for (Types.NestedField column : idSchema.columns()) {
          id.setField(column.name(), row.getField(column.name()));
        }
        PartitionKey day = day(table, row);
        EqualityDeleteWriter<Record> writer =
            writers.newEqDeleteWriter(
                files.newOutputFile(table.spec(), day), FileFormat.PARQUET, day);
        writer.write(id);
        writer.close();
        delta.addDeletes(writer.toDeleteFile());
      }
      delta.commit();
    }
  }

  private static Table load(JdbcCatalog catalog, String table) {
    return catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, table));
  }

  private static PartitionKey day(Table table, Record row) {
    PartitionKey day = new PartitionKey(table.spec(), table.schema());
    day.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(row));
    return day;
  }
}
