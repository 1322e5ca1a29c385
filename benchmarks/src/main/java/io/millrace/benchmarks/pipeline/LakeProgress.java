package io.millrace.benchmarks.pipeline;

import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** What {@code lake.events} holds of what was sent. */
final class LakeProgress {
  /** In the ids of the load's events. */
  static final long RUN = 1;

  /** In the ids of the markers. */
  static final long MARKER_RUN = 2;

  private LakeProgress() {}

  /** The table at one commit; all zero before the first. */
  record Point(long rows, long committedAt) {
    /** Rows a second between two commits. */
    double since(Point earlier) {
      return (rows - earlier.rows) * 1e3 / Math.max(1, committedAt - earlier.committedAt);
    }
  }

  /** From an event's arrival to its commit, in ms. */
  record Delays(double mean, double longest) {}

  static Point now(LakeCatalog lake) throws IOException {
    return with(
        lake,
        table -> {
          Snapshot last = table.currentSnapshot();
          return last == null
              ? new Point(0, 0)
              : new Point(
                  Long.parseLong(last.summary().get("total-records")), last.timestampMillis());
        });
  }

  /** Fails unless each event of the load is there exactly once. */
  static void requireEachOnce(LakeCatalog lake, long sent) throws IOException {
    BitSet seen = with(lake, LakeProgress::seen);
    if (seen.length() != sent || seen.cardinality() != sent) {
      throw new IllegalStateException(
          "Of " + sent + " events sent, " + seen.cardinality() + " are in lake.events");
    }
  }

  private static BitSet seen(Table table) {
    BitSet seen = new BitSet();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).select("event_id").build()) {
      for (Record row : rows) {
        String id = row.get(0, String.class);
        if (Long.parseLong(id.substring(13, 17), 16) == RUN) {
          int n = Math.toIntExact(Long.parseLong(id.substring(18), 16));
          if (seen.get(n)) {
            throw new IllegalStateException("Event " + id + " is in lake.events twice");
          }
          seen.set(n);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Cannot read lake.events", e);
    }
    return seen;
  }

  /** Delays by the bounds that each data file has of its events' arrival. */
  static Delays delays(LakeCatalog lake) throws IOException {
    return with(
        lake,
        table -> {
          double sum = 0;
          long rows = 0;
          double longest = 0;
          for (Snapshot snapshot : table.snapshots()) {
            for (DataFile file : snapshot.addedDataFiles(table.io())) {
              double first = snapshot.timestampMillis() - bound(table, file.lowerBounds()::get);
              double last = snapshot.timestampMillis() - bound(table, file.upperBounds()::get);
              sum += (first + last) / 2 * file.recordCount();
              rows += file.recordCount();
              longest = Math.max(longest, first);
            }
          }
          return new Delays(sum / Math.max(1, rows), longest);
        });
  }

  private static double bound(Table table, Function<Integer, ByteBuffer> bounds) {
    Types.NestedField receivedAt = table.schema().findField("received_at");
    long micros = Conversions.fromByteBuffer(receivedAt.type(), bounds.apply(receivedAt.fieldId()));
    return micros / 1e3;
  }

  private static <T> T with(LakeCatalog lake, Function<Table, T> question) throws IOException {
    try (JdbcCatalog catalog = lake.open()) {
      return question.apply(catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "events")));
    }
  }
}
