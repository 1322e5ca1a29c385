package io.millrace.standalone.backfill;

/**
 * One row of a table on its way to the comparison, from the table or recomputed. A Flink POJO.
 *
 * <p>Two rows say the same when {@link #content} and the visitors of their sketches are equal: how
 * often a row was restated is no part of what it says, nor what else was defined when it was
 * written.
 */
public final class LakeRow {
  /** Where a row comes from. */
  public static final byte STORED = 0;

  public static final byte RECOMPUTED = 1;

  /** A row recomputed before is taken back. */
  public static final byte TAKEN_BACK = 2;

  public String table;

  /** Table and identifying columns. */
  public String key;

  public byte from;

  /** The row without what is kept apart below, as {@link TableRows} writes it. */
  public byte[] content;

  /** 0 where the table counts none. */
  public int revision;

  /** Null where there is none. */
  public byte[] sketch;

  /** Version of the file of goals and funnels; null where there is none. */
  public String definitionsVersion;
}
