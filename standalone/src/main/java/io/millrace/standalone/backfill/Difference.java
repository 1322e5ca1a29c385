package io.millrace.standalone.backfill;

import io.millrace.domain.metric.VisitorSketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a table has under one key, and what it should have. A Flink POJO. */
public final class Difference {
  /** How the table is wrong. */
  public enum Kind {
    /** It lacks the row. */
    MISSING,
    /** It has a row that there should not be. */
    EXTRA,
    /** Its row has other values, or it has the row more than once. */
    CHANGED
  }

  public String table;
  public String key;

  /** The rows that the table has; more than one only where something went wrong. */
  public LakeRow[] stored;

  /** Null where there should be no row. */
  public LakeRow recomputed;

  public Kind kind() {
    if (recomputed == null) {
      return Kind.EXTRA;
    }
    return stored.length == 0 ? Kind.MISSING : Kind.CHANGED;
  }

  /** The revision of the row that replaces what is stored. */
  int nextRevision() {
    return Arrays.stream(stored).mapToInt(row -> row.revision).max().orElse(0) + 1;
  }

  /** Every row that the difference speaks of. */
  List<LakeRow> rows() {
    List<LakeRow> rows = new ArrayList<>(Arrays.asList(stored));
    if (recomputed != null) {
      rows.add(recomputed);
    }
    return rows;
  }

  /**
   * Compares all rows of one key.
   *
   * @param rows in the order in which they came
   * @return null if the table is right
   */
  static Difference of(Iterable<LakeRow> rows) {
    Difference difference = new Difference();
    List<LakeRow> stored = new ArrayList<>(1);
    for (LakeRow row : rows) {
      difference.table = row.table;
      difference.key = row.key;
      switch (row.from) {
        case LakeRow.STORED -> stored.add(row);
        case LakeRow.RECOMPUTED -> difference.recomputed = row;
        default -> difference.recomputed = null;
      }
    }
    difference.stored = stored.toArray(LakeRow[]::new);
    boolean same =
        stored.size() == 1
            ? difference.recomputed != null && same(stored.get(0), difference.recomputed)
            : stored.isEmpty() && difference.recomputed == null;
    return same ? null : difference;
  }

  private static boolean same(LakeRow one, LakeRow other) {
    return Arrays.equals(one.content, other.content)
        && VisitorSketch.sameVisitors(one.sketch, other.sketch);
  }
}
