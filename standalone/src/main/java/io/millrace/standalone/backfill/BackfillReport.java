package io.millrace.standalone.backfill;

import java.util.List;
import java.util.Map;

/**
 * What a backfill found, and what it did about it.
 *
 * @param id names the branches, {@code backfill_<id>}
 * @param from first moment that was recomputed, ISO time
 * @param to the moment after the last, ISO time
 * @param events how many events were read, those of the margin around the range among them
 * @param definitions version of the goals and funnels by which conversions were recomputed, by
 *     tenant; empty where none were
 */
public record BackfillReport(
    String id,
    String from,
    String to,
    long events,
    Map<String, String> definitions,
    List<TableReport> tables) {

  /**
   * The differences of one table.
   *
   * @param missing rows that the table lacks
   * @param extra rows that it should not have
   * @param changed rows with other values, or there more than once
   * @param unsettled differences that were left to the running platform, which may be about to
   *     write these very rows
   * @param branch the branch that holds the table as it should be; null where nothing differs or
   *     main has it already
   * @param applied differences that main has been rid of
   * @param overtaken differences that were not applied, since their rows changed in main meanwhile
   * @param examples the first differences
   */
  public record TableReport(
      String table,
      long missing,
      long extra,
      long changed,
      long unsettled,
      String branch,
      long applied,
      long overtaken,
      List<Example> examples) {
    public long differences() {
      return missing + extra + changed;
    }
  }

  /**
   * One difference.
   *
   * @param kind missing, extra or changed
   * @param id identifying columns
   * @param columns those that differ, of a changed row; none where it is there more than once
   * @param copies how often the table has the row
   */
  public record Example(String kind, Map<String, String> id, List<Column> columns, int copies) {}

  /** A column that differs, in words; null for no value. */
  public record Column(String name, String stored, String recomputed) {}

  /** Whether every table now is as it should be. */
  public boolean holds() {
    return tables.stream().allMatch(table -> table.differences() == table.applied());
  }
}
