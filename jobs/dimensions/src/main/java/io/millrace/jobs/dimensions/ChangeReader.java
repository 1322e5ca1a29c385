package io.millrace.jobs.dimensions;

import io.debezium.time.Date;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionChange;
import io.millrace.domain.dimension.DimensionRow;
import io.millrace.domain.dimension.DimensionRules;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cdc.connectors.shaded.org.apache.kafka.connect.data.Field;
import org.apache.flink.cdc.connectors.shaded.org.apache.kafka.connect.data.Struct;
import org.apache.flink.cdc.connectors.shaded.org.apache.kafka.connect.source.SourceRecord;
import org.apache.flink.cdc.debezium.DebeziumDeserializationSchema;
import org.apache.flink.util.Collector;

/**
 * Reads a change as Debezium tells it.
 *
 * <p>A column whose name the dimension knows and whose type fits has a field; every other is an
 * attribute, so that a column that is added to the source is neither lost nor in the way.
 */
final class ChangeReader implements DebeziumDeserializationSchema<DimensionChange> {
  private static final long serialVersionUID = 1L;

  /** Stands for a large value that the source does not repeat, as it has not changed. */
  private static final String UNTOLD = "__debezium_unavailable_value";

  private static final Map<String, BiConsumer<DimensionRow, String>> TEXTS =
      Map.of(
          "owner_id", (row, value) -> row.ownerId = value,
          "title", (row, value) -> row.title = value,
          "name", (row, value) -> row.name = value,
          "username", (row, value) -> row.username = value,
          "url", (row, value) -> row.url = value,
          "custom_domain", (row, value) -> row.customDomain = value,
          "campaign", (row, value) -> row.campaign = value,
          "currency", (row, value) -> row.currency = value,
          "plan", (row, value) -> row.plan = value);

  private static final Map<String, BiConsumer<DimensionRow, Long>> NUMBERS =
      Map.of(
          "price_cents", (row, value) -> row.priceCents = value,
          "spend_cents", (row, value) -> row.spendCents = value);

  private static final Map<String, BiConsumer<DimensionRow, Long>> TIMES =
      Map.of(
          "created_at", (row, value) -> row.createdAt = value,
          "updated_at", (row, value) -> row.updatedAt = value);

  @Override
  public TypeInformation<DimensionChange> getProducedType() {
    return Types.POJO(DimensionChange.class);
  }

  @Override
  public void deserialize(SourceRecord record, Collector<DimensionChange> out) {
    Struct value = (Struct) record.value();
    Struct source = value.getStruct("source");
    Optional<Dimension> dimension = Dimension.ofSourceTable(source.getString("table"));
    if (dimension.isEmpty()) {
      return; // the heartbeat
    }
    DimensionChange change = new DimensionChange();
    change.dimension = dimension.get();
    switch (value.getString("op")) {
      case "r" -> {
        change.kind = DimensionChange.Kind.FOUND;
        change.at = value.getInt64("ts_ms");
        read(value.getStruct("after"), change);
      }
      case "c", "u" -> {
        change.kind = DimensionChange.Kind.WRITTEN;
        change.at = source.getInt64("ts_ms");
        read(value.getStruct("after"), change);
      }
      case "d" -> {
        change.kind = DimensionChange.Kind.DELETED;
        change.at = source.getInt64("ts_ms");
        change.row = identity(value.getStruct("before"), change.dimension);
      }
      default -> {
        return; // a truncation, which names no rows
      }
    }
    out.collect(change);
  }

  private static DimensionRow identity(Struct values, Dimension dimension) {
    DimensionRow row = new DimensionRow();
    row.tenant = required(values, "tenant", dimension);
    row.id = required(values, "id", dimension);
    return row;
  }

  private static String required(Struct values, String column, Dimension dimension) {
    Field field = values.schema().field(column);
    Object value = field == null ? null : values.get(field);
    if (value == null) {
      throw new IllegalStateException(
          "Cannot follow table "
              + dimension.sourceTable()
              + ": a row has no "
              + column
              + "; give the table the primary key (tenant, id)");
    }
    return value.toString();
  }

  private static void read(Struct values, DimensionChange change) {
    DimensionRow row = identity(values, change.dimension);
    TreeMap<String, Object> attributes = new TreeMap<>();
    List<String> untold = new ArrayList<>();
    for (Field field : values.schema().fields()) {
      String column = field.name();
      Object value = values.get(field);
      if (column.equals("tenant") || column.equals("id")) {
        continue;
      }
      if (isUntold(value)) {
        untold.add(column);
      } else if (!change.dimension.knows(column) || !set(row, column, field, value)) {
        attributes.put(column, attribute(field, value));
      }
    }
    row.attributes = DimensionRules.attributes(attributes);
    change.row = row;
    change.untold = untold.isEmpty() ? null : untold.toArray(String[]::new);
  }

  private static boolean isUntold(Object value) {
    return UNTOLD.equals(value)
        || value instanceof ByteBuffer bytes
            && bytes.equals(ByteBuffer.wrap(UNTOLD.getBytes(StandardCharsets.UTF_8)))
        || value instanceof List<?> list && list.equals(List.of(UNTOLD));
  }

  /** Whether the column has a field for such a value. */
  private static boolean set(DimensionRow row, String column, Field field, Object value) {
    if (value == null) {
      return true;
    }
    if (TEXTS.containsKey(column)) {
      TEXTS.get(column).accept(row, value.toString());
      return true;
    }
    boolean isTime = TIMES.containsKey(column);
    Long number = isTime ? epochMs(field, value) : number(value);
    if (number == null) {
      return false;
    }
    (isTime ? TIMES : NUMBERS).get(column).accept(row, number);
    return true;
  }

  private static Long number(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return ((Number) value).longValue();
    }
    // NUMERIC comes as text.
    return value instanceof String text && text.matches("-?\\d{1,18}") ? Long.valueOf(text) : null;
  }

  /** A time without a zone is taken to be in UTC. */
  private static Long epochMs(Field field, Object value) {
    String type = String.valueOf(field.schema().name());
    try {
      return switch (type) {
        case ZonedTimestamp.SCHEMA_NAME -> Instant.parse((String) value).toEpochMilli();
        case MicroTimestamp.SCHEMA_NAME -> Math.floorDiv((long) value, 1_000L);
        case Timestamp.SCHEMA_NAME -> (Long) value;
        default -> null;
      };
    } catch (DateTimeParseException e) {
      return null; // beyond what Java counts; it stays readable as an attribute
    }
  }

  /** The value as JSON can say it. */
  private static Object attribute(Field field, Object value) {
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Base64.getEncoder().encodeToString(copy);
    }
    return switch (String.valueOf(field.schema().name())) {
      case Date.SCHEMA_NAME ->
          value == null ? null : LocalDate.ofEpochDay((Integer) value).toString();
      case MicroTimestamp.SCHEMA_NAME, Timestamp.SCHEMA_NAME ->
          value == null ? null : withoutZone(epochMs(field, value));
      default -> isJson(value) ? value : value.toString();
    };
  }

  private static String withoutZone(long epochMs) {
    return Instant.ofEpochMilli(epochMs).atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
  }

  private static boolean isJson(Object value) {
    return value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof String
        || value instanceof List
        || value instanceof Map;
  }
}
