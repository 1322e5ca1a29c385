package io.millrace.standalone.maintenance;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Keeps tables fast to read: every commit adds files, and every restatement deletes.
 *
 * <p>It may run beside the pipeline, and be killed at any time: each step is one commit, and what
 * it leaves undone the next run does.
 */
public final class Maintenance {
  /** How long snapshots stay for time travel, unless told otherwise. */
  public static final Duration KEPT = Duration.ofDays(1);

  private final LakeCatalog lake;
  private final Consumer<String> progress;

  /**
   * @param progress is told in words how far it is
   */
  public Maintenance(LakeCatalog lake, Consumer<String> progress) {
    this.lake = lake;
    this.progress = progress;
  }

  /**
   * What was done to a table.
   *
   * @param filesBefore data files
   * @param deletesBefore delete files
   * @param overtaken groups of files that were left as they are, since somebody changed them
   *     meanwhile
   */
  public record Report(
      String table,
      long filesBefore,
      long filesAfter,
      long deletesBefore,
      long deletesAfter,
      int snapshotsExpired,
      int overtaken) {}

  /**
   * Compacts tables, removes idle deletes and expires old snapshots.
   *
   * @param wanted names of tables; none means all
   * @param expireBefore snapshots made before this time go, epoch ms
   * @throws PlatformException if there is no such table
   */
  public List<Report> run(Collection<String> wanted, long expireBefore) throws IOException {
    try (JdbcCatalog catalog = lake.open()) {
      TreeSet<String> known = new TreeSet<>();
      catalog
          .listTables(Namespace.of(LakeCatalog.NAMESPACE))
          .forEach(table -> known.add(table.name()));
      for (String name : wanted) {
        if (!known.contains(name)) {
          throw new PlatformException(
              ExitCode.USAGE,
              "Cannot maintain lake." + name + ": there is no such table; there are " + known);
        }
      }
      List<Report> reports = new ArrayList<>();
      for (String name : wanted.isEmpty() ? known : new TreeSet<>(wanted)) {
        progress.accept("Maintaining lake." + name + " ...");
        Table table = catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, name));
        reports.add(run(name, table, expireBefore));
      }
      return reports;
    }
  }

  static Report run(String name, Table table, long expireBefore) throws IOException {
    long files = total(table, SnapshotSummary.TOTAL_DATA_FILES_PROP);
    long deletes = total(table, SnapshotSummary.TOTAL_DELETE_FILES_PROP);
    Compaction.Result compacted = Compaction.run(table);
    table.refresh();
    DanglingDeletes.remove(table);
    int expired = OldSnapshots.expire(table, expireBefore);
    table.refresh();
    return new Report(
        name,
        files,
        total(table, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        deletes,
        total(table, SnapshotSummary.TOTAL_DELETE_FILES_PROP),
        expired,
        compacted.overtaken());
  }

  private static long total(Table table, String property) {
    Snapshot current = table.currentSnapshot();
    return current == null ? 0 : Long.parseLong(current.summary().getOrDefault(property, "0"));
  }
}
