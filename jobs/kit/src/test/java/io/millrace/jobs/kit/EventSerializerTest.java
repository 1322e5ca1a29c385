package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class EventSerializerTest {
  private final TypeSerializer<Event> serializer =
      EventTypeInfo.INSTANCE.createSerializer(new SerializerConfigImpl());

  @Test
  void givesBackEveryFieldOfAnEvent() throws Exception {
    Event event = full();

    assertThat(roundTrip(event)).usingRecursiveComparison().isEqualTo(event);
    assertThat(serializer.copy(event)).isNotSameAs(event);
    assertThat(serializer.copy(event)).usingRecursiveComparison().isEqualTo(event);
  }

  @Test
  void givesBackAnEventWithNothingInIt() throws Exception {
    assertThat(roundTrip(new Event())).usingRecursiveComparison().isEqualTo(new Event());
  }

  @Test
  void givesBackEachFieldThatStandsAlone() throws Exception {
    Event full = full();
    for (Field field : fields()) {
      Event event = new Event();
      field.set(event, field.get(full));

      assertThat(roundTrip(event)).as(field.getName()).usingRecursiveComparison().isEqualTo(event);
    }
  }

  @Test
  void givesBackTextsOfAnyScriptAndLength() throws Exception {
    for (String text :
        List.of("", "ä", "日本語", "🙂", "x".repeat(127), "x".repeat(128), "é".repeat(20_000))) {
      Event event = new Event();
      event.pageTitle = text;
      event.properties = text;

      assertThat(roundTrip(event)).usingRecursiveComparison().isEqualTo(event);
    }
  }

  @Test
  void readsSeveralEventsFromOneStream() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    Event large = full();
    large.properties = "p".repeat(5_000);
    serializer.serialize(large, out);
    serializer.serialize(new Event(), out);
    serializer.serialize(full(), out);

    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    TypeSerializer<Event> reader = serializer.duplicate();

    assertThat(reader.deserialize(in)).usingRecursiveComparison().isEqualTo(large);
    assertThat(reader.deserialize(in)).usingRecursiveComparison().isEqualTo(new Event());
    assertThat(reader.deserialize(in)).usingRecursiveComparison().isEqualTo(full());
    assertThat(in.available()).isZero();
  }

  @Test
  void passesBytesOnWithoutReadingThem() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(full(), out);
    DataOutputSerializer copied = new DataOutputSerializer(64);

    serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);

    assertThat(copied.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
  }

  private Event roundTrip(Event event) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(event, out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    Event back = serializer.deserialize(in);
    assertThat(in.available()).isZero();
    return back;
  }

  /** An event whose fields are all set and all differ, those of tomorrow too. */
  private static Event full() throws IllegalAccessException {
    Event event = new Event();
    int number = 1;
    for (Field field : fields()) {
      number++;
      if (field.getType() == String.class) {
        field.set(event, "text " + number);
      } else if (field.getType() == boolean.class) {
        field.set(event, true);
      } else if (field.getType() == int.class) {
        field.set(event, number);
      } else {
        field.set(event, (long) -number << 33);
      }
    }
    return event;
  }

  private static List<Field> fields() {
    return Arrays.stream(Event.class.getFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .toList();
  }
}
