package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.event.Event;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class EventRowsTest {
  private static final List<String> TIMES =
      List.of("occurred_at", "created_at", "sent_at", "received_at");
  private static final List<String> FLAGS = List.of("clock_corrected", "user_agent_cut", "bot");
  private static final List<String> NUMBERS =
      List.of("revenue_cents", "sequence", "engagement_ms", "kafka_offset");

  @Test
  void everyFieldOfAnEventComesBackFromItsRow() throws Exception {
    Event event = new Event();
    int count = 0;
    for (Field field : Event.class.getFields()) {
      count++;
      if (field.getType() == String.class) {
        field.set(event, "text " + count);
      } else if (field.getType() == boolean.class) {
        field.set(event, true);
      } else if (field.getType() == int.class) {
        field.set(event, count);
      } else {
        field.set(event, 1_700_000_000_000L + count);
      }
    }

    Event back = new EventRows(type()).map(row(event));

    assertThat(back).usingRecursiveComparison().isEqualTo(event);
  }

  @Test
  void whatIsNullInTheRowIsNullInTheEvent() throws Exception {
    Event event = new Event();

    Event back = new EventRows(type()).map(row(event));

    assertThat(back).usingRecursiveComparison().isEqualTo(event);
  }

  @Test
  void rowsWithoutANeededColumnAreRefused() {
    RowType poor = RowType.of(new LogicalType[] {new VarCharType()}, new String[] {"tenant"});

    assertThatThrownBy(() -> new EventRows(poor))
        .hasMessageMatching("Cannot read events: the rows have no column \\w+; they have ROW<.*>");
  }

  private static RowData row(Event event) throws Exception {
    return EventColumns.columns().mapper("lake.events", type()).map(event);
  }

  /** The columns that {@link EventColumns} writes, in an order of their own, and a new one. */
  private static RowType type() {
    List<String> names = new ArrayList<>(List.of("added_later"));
    for (Field field : Event.class.getFields()) {
      names.add(field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT));
    }
    LogicalType[] types = names.stream().map(EventRowsTest::type).toArray(LogicalType[]::new);
    return RowType.of(types, names.toArray(String[]::new));
  }

  private static LogicalType type(String name) {
    if (TIMES.contains(name)) {
      return new LocalZonedTimestampType(6);
    }
    if (FLAGS.contains(name)) {
      return new BooleanType();
    }
    if (NUMBERS.contains(name)) {
      return new BigIntType();
    }
    return name.equals("kafka_partition") ? new IntType() : new VarCharType(VarCharType.MAX_LENGTH);
  }
}
