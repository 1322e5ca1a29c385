package io.millrace.standalone.backfill;

import static io.millrace.standalone.backfill.TestTables.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.metric.VisitorSketch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceTest {
  @TempDir Path folder;
  private Table table;

  @BeforeEach
  void create() {
    table = TestTables.sessions(folder);
  }

  @Test
  void aRowThatSaysTheSameIsRightHoweverOftenItWasRestated() {
    assertThat(Difference.of(List.of(stored("ann", 3, 4), recomputed("ann", 3)))).isNull();
    assertThat(Difference.of(List.of(recomputed("ann", 3), stored("ann", 3, 1)))).isNull();
  }

  @Test
  void aRowThatTheTableLacksIsMissing() {
    Difference difference = Difference.of(List.of(recomputed("ann", 3)));

    assertThat(difference.kind()).isEqualTo(Difference.Kind.MISSING);
    assertThat(difference.nextRevision()).isEqualTo(1);
  }

  @Test
  void aRowThatFollowsFromNoEventIsExtra() {
    Difference difference = Difference.of(List.of(stored("ann", 3, 2)));

    assertThat(difference.kind()).isEqualTo(Difference.Kind.EXTRA);
  }

  @Test
  void aRowWithOtherValuesIsChangedAndNamesThem() {
    Difference difference = Difference.of(List.of(stored("ann", 5, 2), recomputed("ann", 3)));

    assertThat(difference.kind()).isEqualTo(Difference.Kind.CHANGED);
    assertThat(difference.nextRevision()).isEqualTo(3);
    TableRows rows = TestTables.rows(table);
    assertThat(rows.id(difference)).isEqualTo(Map.of("session_id", "ann@1"));
    assertThat(rows.differingColumns(difference))
        .containsExactly(new BackfillReport.Column("events", "5", "3"));
  }

  @Test
  void aRightRowThatIsThereTwiceIsADifferenceOfItsOwn() {
    Difference difference =
        Difference.of(List.of(stored("ann", 3, 1), recomputed("ann", 3), stored("ann", 3, 2)));

    assertThat(difference.kind()).isEqualTo(Difference.Kind.CHANGED);
    assertThat(difference.stored).hasSize(2);
    assertThat(difference.nextRevision()).isEqualTo(3);
  }

  @Test
  void aRecomputedRowThatWasTakenBackDoesNotCount() {
    GenericRowData back = session("ann", 1, 3, 1);
    back.setRowKind(RowKind.DELETE);
    LakeRow takenBack = TestTables.recomputed(table, back);

    assertThat(Difference.of(List.of(recomputed("ann", 3), takenBack))).isNull();
    assertThat(Difference.of(List.of(recomputed("ann", 3), takenBack, recomputed("ann", 4))).kind())
        .isEqualTo(Difference.Kind.MISSING);
  }

  @Test
  void sketchesAreComparedByTheirVisitors() {
    LakeRow stored = stored("ann", 3, 1);
    stored.sketch = VisitorSketch.add(null, new long[] {7, 8, 9}, 3);
    LakeRow recomputed = recomputed("ann", 3);
    recomputed.sketch = VisitorSketch.add(null, new long[] {9, 7, 8}, 3);

    assertThat(Difference.of(List.of(stored, recomputed))).isNull();

    recomputed.sketch = VisitorSketch.add(null, new long[] {9, 7, 6}, 3);
    assertThat(Difference.of(List.of(stored, recomputed)).kind())
        .isEqualTo(Difference.Kind.CHANGED);
  }

  @Test
  void aRowComesBackWholeWithTheRevisionItIsGiven() {
    GenericRowData row = session("ann", 1, 3, 4);

    assertThat(
            TestTables.rows(table).row(TestTables.stored(table, row), RowKind.INSERT, 4).toString())
        .isEqualTo(row.toString());
  }

  private LakeRow stored(String visitor, long events, int revision) {
    return TestTables.stored(table, session(visitor, 1, events, revision));
  }

  private LakeRow recomputed(String visitor, long events) {
    return TestTables.recomputed(table, session(visitor, 1, events, 1));
  }
}
