package io.millrace.domain.dimension;

/** What a source table tells of one row. A Flink POJO: fields are public, and set once. */
public final class DimensionChange {
  /** What it tells. */
  public enum Kind {
    /** The row as it was found when the whole table was read. */
    FOUND,
    /** The row as it is after an insert or update. */
    WRITTEN,
    /** The row is gone; only its tenant and id are known. */
    DELETED
  }

  public Dimension dimension;
  public Kind kind;

  /** Epoch ms of the commit; of a row that was found, of the reading. */
  public long at;

  public DimensionRow row;

  /**
   * Columns whose large values the source does not repeat, as they have not changed; null where it
   * tells them all.
   */
  public String[] untold;

  /** What all changes of one row have in common, and no others: a tenant's name holds no bar. */
  public String key() {
    return dimension.sourceTable() + '|' + row.tenant + '|' + row.id;
  }
}
