package io.millrace.standalone.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.TaskWriter;
import org.apache.iceberg.io.WriteResult;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of two days that is written to as the pipeline does, commit by commit. */
class MaintenanceTest {
  private static final Instant DAY = Instant.parse("2024-03-01T00:00:00Z");
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Types.NestedField.required(1, "id", Types.StringType.get()),
              Types.NestedField.required(2, "at", Types.TimestampType.withZone()),
              Types.NestedField.optional(3, "value", Types.LongType.get())),
          Set.of(1));
  private static final long NEVER = 0;
  private static final long ALL = Long.MAX_VALUE;

  @TempDir Path folder;
  private Table table;

  @BeforeEach
  void create() throws Exception {
    table =
        new HadoopTables(new Configuration())
            .create(
                SCHEMA,
                PartitionSpec.builderFor(SCHEMA).day("at").build(),
                Map.of(TableProperties.FORMAT_VERSION, "2"),
                folder.resolve("t").toString());
    for (int i = 0; i < 6; i++) {
      commit(table, row(RowKind.INSERT, "a" + i, i % 2, 1), row(RowKind.INSERT, "b" + i, 0, 1));
    }
    for (int i = 0; i < 3; i++) {
      commit(
          table,
          row(RowKind.UPDATE_BEFORE, "a" + i, i % 2, 1),
          row(RowKind.UPDATE_AFTER, "a" + i, i % 2, 2));
    }
    commit(table, row(RowKind.DELETE, "b0", 0, 1));
  }

  @Test
  void makesAFileADayAndLeavesNoDeleteAndTheSameRows() throws Exception {
    List<String> rows = rows(table);
    assertThat(rows).hasSize(11).contains("a0=2", "a5=1").doesNotContain("b0=1");

    Maintenance.Report report = Maintenance.run("t", table, NEVER);

    assertThat(report).isEqualTo(new Maintenance.Report("t", 12, 2, 4, 0, 0, 0));
    assertThat(rows(table)).isEqualTo(rows);
  }

  @Test
  void doesNothingWhereThereIsNothingToDo() throws Exception {
    Maintenance.run("t", table, NEVER);
    long snapshot = table.currentSnapshot().snapshotId();

    Maintenance.Report report = Maintenance.run("t", table, NEVER);

    assertThat(report).isEqualTo(new Maintenance.Report("t", 2, 2, 0, 0, 0, 0));
    assertThat(table.currentSnapshot().snapshotId()).isEqualTo(snapshot);
  }

  @Test
  void leavesAnEmptyTableAlone() throws Exception {
    Table empty =
        new HadoopTables(new Configuration())
            .create(SCHEMA, PartitionSpec.unpartitioned(), folder.resolve("empty").toString());

    assertThat(Maintenance.run("empty", empty, ALL))
        .isEqualTo(new Maintenance.Report("empty", 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aDeleteThatCameWhileFilesWereRewrittenStillApplies() throws Exception {
    Table asItWas = table;
    Table now = new HadoopTables(new Configuration()).load(table.location());
    commit(
        now,
        row(RowKind.UPDATE_BEFORE, "a5", 1, 1),
        row(RowKind.UPDATE_AFTER, "a5", 1, 7),
        row(RowKind.INSERT, "new", 1, 1));
    List<String> rows = rows(now);

    assertThat(Compaction.run(asItWas).groups()).isPositive();
    now.refresh();
    assertThat(rows(now)).isEqualTo(rows).contains("a5=7", "new=1");
    DanglingDeletes.remove(now);

    assertThat(rows(now)).isEqualTo(rows);
  }

  @Test
  void takesNoDeleteAwayThatStillAppliesToARow() throws Exception {
    List<String> rows = rows(table);

    assertThat(DanglingDeletes.remove(table)).isZero();

    table.refresh();
    assertThat(rows(table)).isEqualTo(rows);
  }

  @Test
  void keepsTheSnapshotByWhichTheSinkKnowsWhatItCommitted() throws Exception {
    RowDelta ofThePipeline = delta(table, row(RowKind.INSERT, "p", 0, 1));
    ofThePipeline.set("flink.job-id", "job").commit();
    long kept = table.currentSnapshot().snapshotId();
    commit(table, row(RowKind.INSERT, "q", 0, 1));
    List<String> rows = rows(table);

    Maintenance.Report report = Maintenance.run("t", table, ALL);

    assertThat(report.snapshotsExpired()).isEqualTo(10);
    assertThat(table.snapshot(kept)).isNotNull();
    assertThat(rows(table)).isEqualTo(rows);
  }

  private static RowData row(RowKind kind, String id, int day, long value) {
    return GenericRowData.ofKind(
        kind,
        StringData.fromString(id),
        TimestampData.fromInstant(DAY.plusSeconds(day * 86_400L)),
        value);
  }

  private static void commit(Table table, RowData... rows) throws Exception {
    delta(table, rows).commit();
    table.refresh();
  }

  private static RowDelta delta(Table table, RowData... rows) throws Exception {
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table,
            FlinkSchemaUtil.convert(SCHEMA),
            128L << 20,
            FileFormat.PARQUET,
            table.properties(),
            List.of(1),
            false);
    factory.initialize(0, 0);
    TaskWriter<RowData> writer = factory.create();
    for (RowData row : rows) {
      writer.write(row);
    }
    WriteResult result = writer.complete();
    RowDelta delta = table.newRowDelta();
    List.of(result.dataFiles()).forEach(delta::addRows);
    List.of(result.deleteFiles()).forEach(delta::addDeletes);
    return delta;
  }

  private static List<String> rows(Table table) throws Exception {
    TreeSet<String> rows = new TreeSet<>();
    int count = 0;
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        rows.add(record.getField("id") + "=" + record.getField("value"));
        count++;
      }
    }
    assertThat(rows).as("each once").hasSize(count);
    return new ArrayList<>(rows);
  }
}
