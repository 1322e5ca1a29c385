package io.millrace.standalone.backfill;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/** Small tables of sessions in a folder, and the rows in them. */
final class TestTables {
  static final long DAY = Instant.parse("2024-03-01T00:00:00Z").toEpochMilli();
  static final Schema SESSIONS =
      new Schema(
          List.of(
              Types.NestedField.optional(1, "tenant", Types.StringType.get()),
              Types.NestedField.required(2, "session_id", Types.StringType.get()),
              Types.NestedField.optional(3, "visitor_id", Types.StringType.get()),
              Types.NestedField.required(4, "started_at", Types.TimestampType.withZone()),
              Types.NestedField.optional(5, "ended_at", Types.TimestampType.withZone()),
              Types.NestedField.optional(6, "events", Types.LongType.get()),
              Types.NestedField.optional(7, "revision", Types.IntegerType.get())),
          Set.of(2));

  private TestTables() {}

  static Table sessions(Path folder) {
    return new HadoopTables(new Configuration())
        .create(
            SESSIONS,
            PartitionSpec.builderFor(SESSIONS).day("started_at").build(),
            Map.of(TableProperties.FORMAT_VERSION, "2"),
            folder.resolve("sessions").toString());
  }

  static TableRows rows(Table table) {
    return TableRows.of("sessions", table, "started_at");
  }

  /** A session of an hour that starts so many hours after {@link #DAY}. */
  static GenericRowData session(String visitor, int hour, long events, int revision) {
    long at = DAY + hour * 3_600_000L;
    return GenericRowData.of(
        StringData.fromString("t"),
        StringData.fromString(visitor + '@' + hour),
        StringData.fromString(visitor),
        TimestampData.fromEpochMillis(at),
        TimestampData.fromEpochMillis(at + 3_600_000L),
        events,
        revision);
  }

  static LakeRow stored(Table table, GenericRowData row) {
    return rows(table).stored(row);
  }

  static LakeRow recomputed(Table table, GenericRowData row) {
    return rows(table).recomputed(row);
  }

  /** All rows of a snapshot, as {@code id events revision}, in order. */
  static List<String> read(Table table, Snapshot snapshot) throws Exception {
    TreeSet<String> rows = new TreeSet<>();
    if (snapshot == null) {
      return List.of();
    }
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).useSnapshot(snapshot.snapshotId()).build()) {
      for (Record record : records) {
        rows.add(
            record.getField("session_id")
                + " "
                + record.getField("events")
                + " r"
                + record.getField("revision"));
      }
    }
    return new ArrayList<>(rows);
  }
}
