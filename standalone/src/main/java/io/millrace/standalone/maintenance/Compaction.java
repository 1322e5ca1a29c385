package io.millrace.standalone.maintenance;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.BaseCombinedScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.actions.BinPackRewriteFilePlanner;
import org.apache.iceberg.actions.RewriteDataFilesCommitManager;
import org.apache.iceberg.actions.RewriteFileGroup;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.flink.source.DataIterator;
import org.apache.iceberg.flink.source.RowDataFileScanTaskReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.TaskWriter;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Makes few large files of many small ones, and of those that deletes apply to.
 *
 * <p>Which files, and how their successors are committed beside a running writer, is Iceberg's own:
 * a successor keeps the sequence number at which the table was read, so deletes that came since
 * still apply to it.
 */
final class Compaction {
  private static final long GROUP_BYTES = 512L << 20;

  private Compaction() {}

  /**
   * What was done.
   *
   * @param groups groups of files that were rewritten, each in a commit of its own
   * @param overtaken groups whose files somebody else has changed meanwhile; the next run finds
   *     them again
   */
  record Result(int groups, int overtaken) {}

  static Result run(Table table) throws IOException {
    Snapshot start = table.currentSnapshot();
    if (start == null) {
      return new Result(0, 0);
    }
    BinPackRewriteFilePlanner planner =
        new BinPackRewriteFilePlanner(table, Expressions.alwaysTrue(), start.snapshotId(), true);
    planner.init(
        Map.of(
            // By default no number of deletes is a reason.
            BinPackRewriteFilePlanner.DELETE_FILE_THRESHOLD,
            "1",
            BinPackRewriteFilePlanner.MAX_FILE_GROUP_SIZE_BYTES,
            Long.toString(GROUP_BYTES)));
    RewriteDataFilesCommitManager commits =
        new RewriteDataFilesCommitManager(table, start.snapshotId());

    int done = 0;
    int overtaken = 0;
    try (CloseableIterable<RewriteFileGroup> groups = planner.plan().groups()) {
      for (RewriteFileGroup group : groups) {
        group.setOutputFiles(rewrite(table, group, done + overtaken));
        try {
          commits.commitOrClean(Set.of(group));
          done++;
        } catch (ValidationException | CommitFailedException e) {
          overtaken++;
        }
      }
    }
    return new Result(done, overtaken);
  }

  private static Set<DataFile> rewrite(Table table, RewriteFileGroup group, int number)
      throws IOException {
    RowType type = FlinkSchemaUtil.convert(table.schema());
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table,
            type,
            group.maxOutputFileSize(),
            FileFormat.PARQUET,
            table.properties(),
            null,
            false);
    factory.initialize(0, number);
    TaskWriter<RowData> writer = factory.create();
    try (DataIterator<RowData> rows = read(table, group)) {
      while (rows.hasNext()) {
        writer.write(rows.next());
      }
      return new HashSet<>(List.of(writer.dataFiles()));
    } catch (IOException | RuntimeException e) {
      writer.abort();
      throw e;
    }
  }

  private static DataIterator<RowData> read(Table table, RewriteFileGroup group) {
    String nameMapping =
        PropertyUtil.propertyAsString(
            table.properties(), TableProperties.DEFAULT_NAME_MAPPING, null);
    return new DataIterator<>(
        new RowDataFileScanTaskReader(
            table.schema(), table.schema(), nameMapping, false, List.of()),
        new BaseCombinedScanTask(group.fileScanTasks()),
        table.io(),
        table.encryption());
  }
}
