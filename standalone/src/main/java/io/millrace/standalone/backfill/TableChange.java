package io.millrace.standalone.backfill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.io.TaskWriter;
import org.apache.iceberg.io.WriteResult;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.Tasks;

/** Brings one table to where it should be: first on a branch, then, if asked to, on main. */
final class TableChange {
  /** Snapshot property: the backfill that made the snapshot. */
  static final String BACKFILL = "millrace.backfill";

  /** Each day has files of its own, and a writer for each takes memory. */
  private static final int DAYS_AT_ONCE = 16;

  private static final int RETRIES = 20;

  private final Table table;
  private final TableRows rows;
  private final Long base;
  private final Expression range;
  private final String id;
  private int writers;

  /**
   * @param base snapshot of main that was compared; null if there was none
   * @param range all rows that the differences speak of
   * @param id of the backfill
   */
  TableChange(Table table, TableRows rows, Long base, Expression range, String id) {
    this.table = table;
    this.rows = rows;
    this.base = base;
    this.range = range;
    this.id = id;
  }

  private record Files(List<DataFile> data, List<DeleteFile> deletes) {}

  /** Makes a branch that has the compared rows as they should be. */
  void stage(String branch, List<Difference> differences) throws IOException {
    Files files = write(differences);
    if (base == null) {
      table.manageSnapshots().createBranch(branch).commit();
    } else {
      table.manageSnapshots().createBranch(branch, base).commit();
    }
    delta(files).toBranch(branch).commit();
  }

  void dropBranch(String branch) {
    table.manageSnapshots().removeBranch(branch).commit();
  }

  /**
   * Brings main to the branch's state if nobody has written since the comparison; otherwise commits
   * the differences to what main has become, except for rows that somebody else has written since:
   * their writer knew more.
   *
   * @return the differences that main has been rid of
   * @throws OvertakenException if main does not stand still long enough
   */
  List<Difference> apply(String branch, List<Difference> differences) throws Exception {
    if (base != null && fastForwarded(branch)) {
      return differences;
    }

    Rebased rebased = new Rebased(differences);
    try {
      Tasks.foreach(rebased)
          .retry(RETRIES)
          .exponentialBackoff(100, 2_000, 60_000, 2.0)
          .onlyRetryOn(ValidationException.class, CommitFailedException.class)
          .run(Rebased::commit, Exception.class);
    } catch (ValidationException | CommitFailedException e) {
      throw new OvertakenException(
          "lake.%s was written to again and again while the differences were applied; run it again"
              .formatted(rows.table()),
          e);
    }
    return rebased.rest;
  }

  /** The differences on top of what main has become, attempt after attempt. */
  private final class Rebased {
    private final List<Difference> differences;
    private List<Difference> rest;
    private Files files;

    Rebased(List<Difference> differences) {
      this.differences = differences;
    }

    void commit() throws IOException, OvertakenException {
      table.refresh();
      Snapshot head = table.currentSnapshot();
      Set<String> touched =
          head == null ? Set.of() : TouchedKeys.between(table, rows, base, head.snapshotId());
      List<Difference> left = differences.stream().filter(d -> !touched.contains(d.key)).toList();
      if (!left.equals(rest)) {
        rest = left;
        files = write(rest); // no commit takes those of an attempt before
      }
      if (rest.isEmpty()) {
        return;
      }
      RowDelta delta =
          delta(files)
              .conflictDetectionFilter(range)
              .validateNoConflictingDataFiles()
              .validateNoConflictingDeleteFiles();
      if (head != null) {
        delta.validateFromSnapshot(head.snapshotId());
      }
      delta.commit();
    }
  }

  /** One pointer moves; it fails where main has moved, and then nothing has happened. */
  private boolean fastForwarded(String branch) {
    table.refresh();
    Snapshot head = table.currentSnapshot();
    if (head == null || head.snapshotId() != base) {
      return false;
    }
    try {
      table.manageSnapshots().fastForwardBranch(SnapshotRef.MAIN_BRANCH, branch).commit();
      return true;
    } catch (IllegalArgumentException | ValidationException | CommitFailedException e) {
      table.refresh();
      Snapshot now = table.currentSnapshot();
      if (now != null && now.snapshotId() == base) {
        throw e; // main has not moved, so this is no race
      }
      return false;
    }
  }

  private RowDelta delta(Files files) {
    RowDelta delta = table.newRowDelta().set(BACKFILL, id);
    files.data.forEach(delta::addRows);
    files.deletes.forEach(delta::addDeletes);
    return delta;
  }

  /** The files by which every stored row of a difference goes and the recomputed one comes. */
  private Files write(List<Difference> differences) throws IOException {
    record Dated(long at, Difference difference) {}
    List<Dated> dated = new ArrayList<>(differences.size());
    for (Difference difference : differences) {
      RowData any = rows.row(difference.rows().get(0), RowKind.INSERT, 0);
      dated.add(new Dated(rows.startsAt(any), difference));
    }
    dated.sort(Comparator.comparingLong(Dated::at));

    Files files = new Files(new ArrayList<>(), new ArrayList<>());
    Set<Long> days = new HashSet<>();
    TaskWriter<RowData> writer = null;
    try {
      for (Dated one : dated) {
        days.add(Math.floorDiv(one.at, TimeUnit.DAYS.toMillis(1)));
        if (days.size() > DAYS_AT_ONCE && writer != null) {
          finish(writer, files);
          writer = null;
          days.clear();
        }
        if (writer == null) {
          writer = writer();
        }
        Difference difference = one.difference;
        for (LakeRow stored : difference.stored) {
          writer.write(rows.row(stored, RowKind.DELETE, stored.revision));
        }
        if (difference.recomputed != null) {
          writer.write(rows.row(difference.recomputed, RowKind.INSERT, difference.nextRevision()));
        }
      }
      if (writer != null) {
        finish(writer, files);
      }
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.abort();
      }
      throw e;
    }
    return files;
  }

  private static void finish(TaskWriter<RowData> writer, Files files) throws IOException {
    WriteResult result = writer.complete();
    files.data.addAll(List.of(result.dataFiles()));
    files.deletes.addAll(List.of(result.deleteFiles()));
  }

  /** The very writer that the running platform uses. */
  private TaskWriter<RowData> writer() {
    long targetBytes =
        PropertyUtil.propertyAsLong(
            table.properties(),
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT);
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table,
            rows.type(),
            targetBytes,
            FileFormat.PARQUET,
            table.properties(),
            List.copyOf(table.schema().identifierFieldIds()),
            false);
    factory.initialize(0, writers++);
    return factory.create();
  }
}
