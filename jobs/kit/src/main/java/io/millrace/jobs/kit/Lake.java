package io.millrace.jobs.kit;

import java.io.Serializable;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.sink.IcebergSink;

/**
 * The Iceberg tables, as jobs write them.
 *
 * @param catalogImpl class of the Iceberg catalog
 * @param catalogProperties what that catalog needs: uri, warehouse, …
 */
public record Lake(String catalogImpl, Map<String, String> catalogProperties)
    implements Serializable {
  /** Every engine must use this name: the JDBC catalog keeps its tables under it. */
  public static final String CATALOG = "millrace";

  public static final String NAMESPACE = "lake";

  public TableLoader table(String name) {
    return TableLoader.fromCatalog(
        new LakeLoader(catalogImpl, catalogProperties), TableIdentifier.of(NAMESPACE, name));
  }

  /**
   * Writes a stream into a table, exactly once, with a commit per checkpoint.
   *
   * <p>A table with identifier fields takes a changelog: rows that go delete by those fields. All
   * changes of one id must come from one subtask in order, as only the sink's own keyBy stands
   * between.
   *
   * @param uid of the sink, a promise to every savepoint
   */
  public <T> void write(DataStream<T> records, Columns<T> columns, String table, String uid) {
    TableLoader loader = table(table);
    Table current;
    try (TableLoader open = loader.clone()) {
      open.open();
      current = open.loadTable();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("Cannot open table " + NAMESPACE + '.' + table, e);
    }

    RowType type = FlinkSchemaUtil.convert(current.schema());
    DataStream<RowData> rows =
        records
            .map(columns.mapper(NAMESPACE + '.' + table, type), InternalTypeInfo.of(type))
            .name("Rows of " + table)
            .uid(uid + "/rows");
    IcebergSink.Builder sink =
        IcebergSink.forRowData(rows)
            .table(current)
            .tableLoader(loader)
            // Upsert mode would delete before each insert; first-time rows must cost nothing.
            .upsert(false)
            .distributionMode(DistributionMode.NONE)
            .uidSuffix(uid);
    if (!current.schema().identifierFieldIds().isEmpty()) {
      // A restating commit makes files per day and writer, and what readers pay for is files. One
      // writer takes 150,000 rows per CPU-second, more than its job can change.
      sink.writeParallelism(1);
    }
    sink.append();
  }
}
