package io.millrace.standalone.backfill;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.types.Types;

/** How rows of one table become {@link LakeRow}s, and rows and words again. */
final class TableRows implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String REVISION = "revision";
  private static final String SKETCH = "visitors_sketch";

  /** Which file was in force; what follows from it is under the version of each goal or funnel. */
  private static final String DEFINITIONS = "definitions_version";

  private static final char KEY_SEPARATOR = '\u0001';

  private final String table;
  private final RowType type;
  private final String[] ids;
  private final String time;

  /** Serializers are no thread's but their own. */
  private transient RowDataSerializer serializer;

  private transient RowData.FieldGetter[] getters;

  /** In the order of the columns; the type makes a list of them anew for each who asks. */
  private transient String[] names;

  private transient Map<String, Integer> positions;

  private TableRows(String table, RowType type, String[] ids, String time) {
    this.table = table;
    this.type = type;
    this.ids = ids;
    this.time = time;
  }

  /**
   * @param name of the table, without its namespace
   * @param time the column that says when the result of a row begins
   */
  static TableRows of(String name, Table table, String time) {
    String[] ids =
        table.schema().columns().stream()
            .filter(column -> table.schema().identifierFieldIds().contains(column.fieldId()))
            .map(Types.NestedField::name)
            .toArray(String[]::new);
    return new TableRows(name, FlinkSchemaUtil.convert(table.schema()), ids, time);
  }

  String table() {
    return table;
  }

  RowType type() {
    return type;
  }

  List<String> ids() {
    return List.of(ids);
  }

  /** When the result of the row begins, epoch ms. */
  long startsAt(RowData row) {
    return row.getTimestamp(position(time), 6).getMillisecond();
  }

  LakeRow stored(RowData row) {
    return lakeRow(row, LakeRow.STORED);
  }

  LakeRow recomputed(RowData row) {
    RowKind kind = row.getRowKind();
    boolean comes = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
    return lakeRow(row, comes ? LakeRow.RECOMPUTED : LakeRow.TAKEN_BACK);
  }

  private LakeRow lakeRow(RowData row, byte from) {
    prepare();
    LakeRow lakeRow = new LakeRow();
    lakeRow.table = table;
    lakeRow.from = from;
    lakeRow.key = key(name -> value(row, name));
    GenericRowData content = new GenericRowData(RowKind.INSERT, getters.length);
    for (int i = 0; i < getters.length; i++) {
      Object value = getters[i].getFieldOrNull(row);
      String name = names[i];
      if (name.equals(REVISION)) {
        lakeRow.revision = value == null ? 0 : (int) value;
      } else if (name.equals(SKETCH)) {
        lakeRow.sketch = (byte[]) value;
      } else if (name.equals(DEFINITIONS)) {
        lakeRow.definitionsVersion = value == null ? null : value.toString();
      } else {
        content.setField(i, value);
      }
    }
    try {
      DataOutputSerializer out = new DataOutputSerializer(512);
      serializer.serialize(content, out);
      lakeRow.content = out.getCopyOfBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot serialize a row of " + table, e);
    }
    return lakeRow;
  }

  /**
   * The row as the table takes it.
   *
   * @param revision to write; not used where the table counts none
   */
  GenericRowData row(LakeRow lakeRow, RowKind kind, int revision) {
    prepare();
    RowData content;
    try {
      content = serializer.deserialize(new DataInputDeserializer(lakeRow.content));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a row of " + table, e);
    }
    GenericRowData row = new GenericRowData(kind, getters.length);
    for (int i = 0; i < getters.length; i++) {
      switch (names[i]) {
        case REVISION -> row.setField(i, revision);
        case SKETCH -> row.setField(i, lakeRow.sketch);
        case DEFINITIONS -> row.setField(i, StringData.fromString(lakeRow.definitionsVersion));
        default -> row.setField(i, getters[i].getFieldOrNull(content));
      }
    }
    return row;
  }

  /** The key of a row that Iceberg's own reader has read; it needs the identifying columns only. */
  String key(Record row) {
    return key(row::getField);
  }

  private interface ByName {
    Object value(String column);
  }

  private String key(ByName row) {
    StringBuilder key = new StringBuilder(table);
    for (String id : ids) {
      key.append(KEY_SEPARATOR).append(plain(row.value(id)));
    }
    return key.toString();
  }

  /** A value of a row, null where it has none. */
  Object value(RowData row, String column) {
    prepare();
    return getters[position(column)].getFieldOrNull(row);
  }

  /** The value in words that mean the same whoever has read it. */
  static String plain(Object value) {
    if (value instanceof TimestampData time) {
      return time.toInstant().toString();
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant().toString();
    }
    if (value instanceof DecimalData decimal) {
      return decimal.toBigDecimal().toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    return value == null ? null : value.toString();
  }

  /** The identifying columns of a difference, by name. */
  Map<String, String> id(Difference difference) {
    RowData row = row(difference.rows().get(0), RowKind.INSERT, 0);
    Map<String, String> id = new LinkedHashMap<>();
    for (String column : ids) {
      id.put(column, plain(value(row, column)));
    }
    return id;
  }

  /** The columns in which the first stored row and the recomputed one differ. */
  List<BackfillReport.Column> differingColumns(Difference difference) {
    List<BackfillReport.Column> columns = new ArrayList<>();
    if (difference.kind() != Difference.Kind.CHANGED) {
      return columns;
    }
    RowData stored = row(difference.stored[0], RowKind.INSERT, 0);
    RowData recomputed = row(difference.recomputed, RowKind.INSERT, 0);
    for (String name : type.getFieldNames()) {
      Object had = value(stored, name);
      Object has = value(recomputed, name);
      boolean same =
          had instanceof byte[] bytes && has instanceof byte[] others
              ? Arrays.equals(bytes, others)
              : Objects.equals(plain(had), plain(has));
      if (!same) {
        columns.add(new BackfillReport.Column(name, plain(had), plain(has)));
      }
    }
    return columns;
  }

  private int position(String column) {
    prepare();
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalStateException(
          "Cannot read lake.%s: it has no column %s; it has %s"
              .formatted(table, column, type.getFieldNames()));
    }
    return position;
  }

  private void prepare() {
    if (serializer == null) {
      serializer = new RowDataSerializer(type);
      List<LogicalType> types = type.getChildren();
      getters = new RowData.FieldGetter[types.size()];
      names = type.getFieldNames().toArray(String[]::new);
      positions = new HashMap<>();
      for (int i = 0; i < getters.length; i++) {
        getters[i] = RowData.createFieldGetter(types.get(i), i);
        positions.put(names[i], i);
      }
    }
  }
}
