package io.millrace.jobs.kit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;

/**
 * Which column of a lake table holds what of a record, by name.
 *
 * <p>The table's own order decides where a value goes, so a column can be added to a table before
 * the jobs know it.
 */
public final class Columns<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A function that Flink can ship. */
  public interface Field<T, V> extends Function<T, V>, Serializable {}

  /** A function that Flink can ship. */
  public interface LongField<T> extends ToLongFunction<T>, Serializable {}

  /** A function that Flink can ship. */
  public interface IntField<T> extends ToIntFunction<T>, Serializable {}

  /** A function that Flink can ship. */
  public interface DoubleField<T> extends ToDoubleFunction<T>, Serializable {}

  private record Column<T>(String name, boolean identifying, Field<T, Object> value)
      implements Serializable {}

  private final ArrayList<Column<T>> columns = new ArrayList<>();

  private Field<T, RowKind> kind = record -> RowKind.INSERT;

  /** For tables whose rows come and go: what the record does. */
  public Columns<T> kind(Field<T, RowKind> rowKind) {
    this.kind = rowKind;
    return this;
  }

  public Columns<T> text(String name, Field<T, String> value) {
    return add(name, false, record -> StringData.fromString(value.apply(record)));
  }

  public Columns<T> flag(String name, Field<T, Boolean> value) {
    return add(name, false, value::apply);
  }

  public Columns<T> integer(String name, IntField<T> value) {
    return add(name, false, record -> value.applyAsInt(record));
  }

  public Columns<T> number(String name, LongField<T> value) {
    return add(name, false, record -> value.applyAsLong(record));
  }

  /** A {@code DECIMAL(precision, scale)} from its digits without the point. */
  public Columns<T> decimal(String name, int precision, int scale, LongField<T> unscaled) {
    return add(
        name,
        false,
        record -> DecimalData.fromUnscaledLong(unscaled.applyAsLong(record), precision, scale));
  }

  public Columns<T> optionalNumber(String name, Field<T, Long> value) {
    return add(name, false, value::apply);
  }

  /**
   * A {@code DECIMAL(precision, scale)} of up to 18 digits from a number; NULL for one that is
   * none.
   */
  public Columns<T> rounded(String name, int precision, int scale, DoubleField<T> value) {
    return add(
        name,
        false,
        record -> {
          double number = value.applyAsDouble(record);
          return Double.isFinite(number)
              ? DecimalData.fromUnscaledLong(
                  Math.round(number * Math.pow(10, scale)), precision, scale)
              : null;
        });
  }

  public Columns<T> bytes(String name, Field<T, byte[]> value) {
    return add(name, false, value::apply);
  }

  /** An instant from epoch ms. */
  public Columns<T> time(String name, LongField<T> epochMs) {
    return add(name, false, record -> TimestampData.fromEpochMillis(epochMs.applyAsLong(record)));
  }

  /** An instant from epoch ms, or null. */
  public Columns<T> optionalTime(String name, Field<T, Long> epochMs) {
    return add(
        name,
        false,
        record -> {
          Long at = epochMs.apply(record);
          return at == null ? null : TimestampData.fromEpochMillis(at);
        });
  }

  /**
   * Marks the column added last as one that finds its row again: where there are such columns, a
   * row that goes is written with them only.
   *
   * <p>The others are then null in delete files, and a reader that filters by one of them would
   * pass over the delete and show the old row. So they must have no statistics: {@code
   * write.metadata.metrics.default = none} in the table.
   */
  public Columns<T> identifying() {
    Column<T> last = columns.remove(columns.size() - 1);
    columns.add(new Column<>(last.name, true, last.value));
    return this;
  }

  private Columns<T> add(String name, boolean identifying, Field<T, Object> value) {
    columns.add(new Column<>(name, identifying, value));
    return this;
  }

  /**
   * The function that makes a row of a record.
   *
   * @param table name of the table, for the error
   * @param type the table's columns
   * @throws IllegalStateException if the table lacks a column
   */
  public MapFunction<T, RowData> mapper(String table, RowType type) {
    List<String> names = type.getFieldNames();
    int[] positions = new int[columns.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = names.indexOf(columns.get(i).name);
      if (positions[i] < 0) {
        throw new IllegalStateException(
            "Cannot write "
                + table
                + ": it has no column "
                + columns.get(i).name
                + "; it has "
                + names);
      }
    }
    boolean wholeRows = columns.stream().noneMatch(Column::identifying);
    return new Mapper<>(columns, kind, positions, names.size(), wholeRows);
  }

  private record Mapper<T>(
      ArrayList<Column<T>> columns,
      Field<T, RowKind> kind,
      int[] positions,
      int width,
      boolean wholeRows)
      implements MapFunction<T, RowData> {
    @Override
    public RowData map(T record) {
      GenericRowData row = new GenericRowData(kind.apply(record), width);
      boolean goes =
          row.getRowKind() == RowKind.UPDATE_BEFORE || row.getRowKind() == RowKind.DELETE;
      for (int i = 0; i < positions.length; i++) {
        Column<T> column = columns.get(i);
        if (!goes || wholeRows || column.identifying) {
          row.setField(positions[i], column.value.apply(record));
        }
      }
      return row;
    }
  }
}
