package io.millrace.standalone.backfill;

import static io.millrace.standalone.backfill.TestTables.DAY;
import static io.millrace.standalone.backfill.TestTables.recomputed;
import static io.millrace.standalone.backfill.TestTables.session;
import static io.millrace.standalone.backfill.TestTables.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.table.data.GenericRowData;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table beside which somebody else writes. */
class TableChangeTest {
  private static final TimeRange RANGE = new TimeRange(DAY, DAY + Duration.ofDays(60).toMillis());

  @TempDir Path folder;
  private Table table;
  private List<Difference> differences;

  @BeforeEach
  void create() throws Exception {
    table = TestTables.sessions(folder);
    write(null, session("ann", 1, 5, 1), session("bob", 2, 2, 2), session("eve", 50, 1, 1));
    differences =
        List.of(
            difference(session("ann", 1, 5, 1), session("ann", 1, 6, 1)),
            difference(session("bob", 2, 2, 2), null),
            difference(null, session("dan", 30, 4, 1)));
  }

  @Test
  void aBranchHasTheTableAsItShouldBeAndMainIsUntouched() throws Exception {
    change().stage("backfill_1", differences);

    assertThat(TestTables.read(table, table.snapshot("backfill_1")))
        .containsExactly("ann@1 6 r2", "dan@30 4 r1", "eve@50 1 r1");
    assertThat(main()).containsExactly("ann@1 5 r1", "bob@2 2 r2", "eve@50 1 r1");
  }

  @Test
  void mainMovesToTheBranchWhenNobodyHasWrittenSince() throws Exception {
    TableChange change = change();
    change.stage("backfill_1", differences);
    long staged = table.snapshot("backfill_1").snapshotId();

    List<Difference> applied = change.apply("backfill_1", differences);

    assertThat(applied).isEqualTo(differences);
    assertThat(table.currentSnapshot().snapshotId()).isEqualTo(staged);
    change.dropBranch("backfill_1");
    assertThat(table.refs()).containsOnlyKeys("main");
    assertThat(main()).containsExactly("ann@1 6 r2", "dan@30 4 r1", "eve@50 1 r1");
  }

  @Test
  void whatOthersHaveWrittenSinceStaysBesideTheDifferences() throws Exception {
    TableChange change = change();
    change.stage("backfill_1", differences);
    write(session("eve", 50, 1, 1), session("eve", 50, 2, 2));
    write(null, session("fay", 3, 1, 1));

    List<Difference> applied = change.apply("backfill_1", differences);

    assertThat(applied).isEqualTo(differences);
    assertThat(main()).containsExactly("ann@1 6 r2", "dan@30 4 r1", "eve@50 2 r2", "fay@3 1 r1");
    assertThat(table.currentSnapshot().summary()).containsEntry(TableChange.BACKFILL, "1");
  }

  @Test
  void aRowThatSomebodyElseHasWrittenSinceIsLeftToThem() throws Exception {
    TableChange change = change();
    change.stage("backfill_1", differences);
    write(session("ann", 1, 5, 1), session("ann", 1, 7, 2));
    write(null, session("dan", 30, 4, 1));

    List<Difference> applied = change.apply("backfill_1", differences);

    assertThat(applied).extracting(Difference::kind).containsExactly(Difference.Kind.EXTRA);
    assertThat(main()).containsExactly("ann@1 7 r2", "dan@30 4 r1", "eve@50 1 r1");
  }

  @Test
  void aRowThatSomebodyElseHasTakenAwayIsLeftToThem() throws Exception {
    TableChange change = change();
    change.stage("backfill_1", differences);
    write(session("ann", 1, 5, 1), (GenericRowData) null);

    assertThat(change.apply("backfill_1", differences)).hasSize(2);

    assertThat(main()).containsExactly("dan@30 4 r1", "eve@50 1 r1");
  }

  @Test
  void nothingIsAppliedWhenWholeFilesWereRemovedMeanwhile() throws Exception {
    TableChange change = change();
    change.stage("backfill_1", differences);
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      table.newDelete().deleteFile(files.iterator().next().file()).commit();
    }
    List<String> before = main();

    assertThatThrownBy(() -> change.apply("backfill_1", differences))
        .isInstanceOf(OvertakenException.class)
        .hasMessageMatching(
            "lake.sessions was rewritten meanwhile \\(snapshot \\d+ removed files\\); run it again");

    assertThat(main()).isEqualTo(before);
  }

  @Test
  void aTableThatWasEmptyIsFilled() throws Exception {
    Table empty = TestTables.sessions(folder.resolve("other"));
    TableChange change =
        new TableChange(empty, TestTables.rows(empty), null, RANGE.of("started_at"), "1");
    List<Difference> missing = List.of(difference(null, session("dan", 30, 4, 1)));

    change.stage("backfill_1", missing);
    change.apply("backfill_1", missing);

    empty.refresh();
    assertThat(TestTables.read(empty, empty.currentSnapshot())).containsExactly("dan@30 4 r1");
  }

  @Test
  void manyDaysAreWrittenWithFewFilesOpen() throws Exception {
    TableChange change = change();
    List<Difference> many =
        IntStream.range(0, 40)
            .mapToObj(day -> difference(null, session("gus", day * 24, 1, 1)))
            .toList();

    change.stage("backfill_1", many);

    assertThat(TestTables.read(table, table.snapshot("backfill_1"))).hasSize(43);
  }

  private TableChange change() {
    return new TableChange(
        table,
        TestTables.rows(table),
        table.currentSnapshot().snapshotId(),
        RANGE.of("started_at"),
        "1");
  }

  /** Somebody else's commit: a row goes, rows come. */
  private void write(GenericRowData goes, GenericRowData... come) throws Exception {
    List<Difference> changes = new ArrayList<>();
    if (goes != null) {
      changes.add(difference(goes, come[0]));
    } else {
      for (GenericRowData row : come) {
        changes.add(difference(null, row));
      }
    }
    new CommitByHand(table, TestTables.rows(table)).commit(changes);
    table.refresh();
  }

  private Difference difference(GenericRowData had, GenericRowData has) {
    Difference difference = new Difference();
    difference.table = "sessions";
    difference.stored = had == null ? new LakeRow[0] : new LakeRow[] {stored(table, had)};
    difference.recomputed = has == null ? null : recomputed(table, has);
    difference.key = difference.rows().get(0).key;
    return difference;
  }

  private List<String> main() throws Exception {
    table.refresh();
    return TestTables.read(table, table.currentSnapshot());
  }
}
