package io.millrace.jobs.programs;

import static io.millrace.domain.event.TestEvents.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.RandomEvents;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class HandoverTest {
  @Test
  void anEventArrivesAsItWas() throws Exception {
    List<Event> events = RandomEvents.deliveries(new Random(5));
    Event full = events.get(0);
    full.pageUrl = "https://a.example/ü?q=\u0001";
    full.sentAt = START + 5;
    full.properties = "{\"a\":[1,null]}";

    List<HandedOver> read = handOver(events, HandoverReader.Kind.EVENTS);

    assertThat(read)
        .extracting(record -> record.event)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(events);
  }

  @Test
  void aSessionsChangeArrivesAsItWas() throws Exception {
    Session session = new Session();
    session.tenant = "acme";
    session.visitorId = "ann";
    session.sessionId = "s1";
    session.startedAt = START;
    session.revenueCents = 7;
    SessionChange change = new SessionChange(RowKind.UPDATE_BEFORE, session);

    List<HandedOver> read = handOver(List.of(change), HandoverReader.Kind.SESSIONS);

    assertThat(read.get(0).session).usingRecursiveComparison().isEqualTo(change);
  }

  @Test
  void beforeEachCheckpointEveryPartitionIsToldTheTime() throws Exception {
    try (OneInputStreamOperatorTestHarness<Event, HandoverRecord> harness = harness(3)) {
      harness.prepareSnapshotPreBarrier(1);
      assertThat(harness.getOutput()).as("there is no time yet").isEmpty();

      harness.processWatermark(START);
      harness.processWatermark(START + 1_000);
      harness.getOutput().clear();
      harness.prepareSnapshotPreBarrier(2);

      assertThat(harness.extractOutputValues())
          .extracting(mark -> read(mark, HandoverReader.Kind.EVENTS).get(0))
          .allSatisfy(
              mark -> {
                assertThat(mark.event).isNull();
                assertThat(mark.watermark).isEqualTo(START + 1_000);
                assertThat(mark.writer).isZero();
                assertThat(mark.writers).isEqualTo(1);
              });
      assertThat(harness.extractOutputValues())
          .extracting(mark -> mark.partition)
          .containsExactly(0, 1, 2);
    }
  }

  @Test
  void aPartitionIsAsFarAsTheSlowestOfItsWriters() {
    HandoverWatermarks watermarks = new HandoverWatermarks();
    Times times = new Times();

    watermarks.onEvent(event(), START + 9_000, times);
    watermarks.onEvent(mark(0, 2, START + 5), 0, times);
    assertThat(times.emitted).as("the second has not spoken").isEmpty();
    watermarks.onEvent(mark(1, 2, START + 3), 0, times);
    watermarks.onEvent(mark(1, 2, START + 4), 0, times);
    assertThat(times.emitted).containsExactly(START + 3, START + 4);

    // The job was started again with three subtasks, from a checkpoint before that.
    times.emitted.clear();
    watermarks.onEvent(mark(0, 3, START + 2), 0, times);
    watermarks.onEvent(mark(1, 3, START + 2), 0, times);
    watermarks.onEvent(mark(2, 3, START + 2), 0, times);
    assertThat(times.emitted).as("time does not go back").isEmpty();
    watermarks.onEvent(mark(0, 3, START + 8), 0, times);
    watermarks.onEvent(mark(1, 3, START + 8), 0, times);
    watermarks.onEvent(mark(2, 3, START + 7), 0, times);
    assertThat(times.emitted).containsExactly(START + 7);
  }

  @Test
  void whatNobodyOfUsWroteIsPassedOver() {
    for (String value :
        new String[] {"", "null", "[]", "17", "{", "{}", "{\"tenant\":\"acme\"}", null}) {
      assertThat(
              read(
                  "k".getBytes(StandardCharsets.UTF_8),
                  value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                  new RecordHeaders(),
                  HandoverReader.Kind.EVENTS))
          .as(value)
          .isEmpty();
    }
    RecordHeaders impossible = new RecordHeaders();
    for (String name :
        List.of(HandoverWriter.WATERMARK, HandoverWriter.WRITER, HandoverWriter.WRITERS)) {
      impossible.add(name, "3".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(read(null, null, impossible, HandoverReader.Kind.EVENTS)).isEmpty();
  }

  @Test
  void whatANewerReleaseAddsIsPassedOver() {
    String json =
        "{\"tenant\":\"acme\",\"visitorId\":\"ann\",\"eventId\":\"e\",\"eventType\":\"x\",\"new\":{\"a\":1}}";

    List<HandedOver> read =
        read(
            null,
            json.getBytes(StandardCharsets.UTF_8),
            new RecordHeaders(),
            HandoverReader.Kind.EVENTS);

    assertThat(read.get(0).event.visitorId).isEqualTo("ann");
  }

  @Test
  void keepsTheUidsThatSavepointsFindStateBy() {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            JobSettings.exactlyOnce(Duration.ofSeconds(10)));
    Handover handover = new Handover("127.0.0.1:9");

    handover.writeEvents(handover.readEvents(env, "group"), 4);
    handover.writeSessions(handover.readSessions(env, "group"), 4);

    // A changed one loses what a savepoint holds: undo it, or decide it and write it into
    // CHANGELOG.md.
    assertThat(env.getStreamGraph().getStreamNodes())
        .extracting(StreamNode::getTransformationUID)
        .containsExactlyInAnyOrder(
            "handover/from-events.enriched",
            "handover/events",
            "handover/to-events.enriched",
            "handover/events.enriched-kafka",
            "Sink Committer: handover/events.enriched-kafka",
            "handover/from-sessions.changes",
            "handover/sessions",
            "handover/to-sessions.changes",
            "handover/sessions.changes-kafka",
            "Sink Committer: handover/sessions.changes-kafka");
  }

  private static HandedOver event() {
    HandedOver record = new HandedOver();
    record.event = new Event();
    return record;
  }

  private static HandedOver mark(int writer, int writers, long watermark) {
    HandedOver record = new HandedOver();
    record.writer = writer;
    record.writers = writers;
    record.watermark = watermark;
    return record;
  }

  private static OneInputStreamOperatorTestHarness<Event, HandoverRecord> harness(int partitions)
      throws Exception {
    OneInputStreamOperator<Event, HandoverRecord> operator =
        new HandoverOperator<>(event -> VisitorKey.of(event.tenant, event.visitorId), partitions);
    OneInputStreamOperatorTestHarness<Event, HandoverRecord> harness =
        new OneInputStreamOperatorTestHarness<>(operator);
    harness.open();
    return harness;
  }

  private static <T> List<HandedOver> handOver(List<T> records, HandoverReader.Kind kind)
      throws Exception {
    List<HandedOver> read = new ArrayList<>();
    try (OneInputStreamOperatorTestHarness<T, HandoverRecord> harness =
        new OneInputStreamOperatorTestHarness<>(new HandoverOperator<>(record -> "k", 1))) {
      harness.open();
      for (T record : records) {
        harness.processElement(new StreamRecord<>(record));
      }
      harness.extractOutputValues().forEach(record -> read.addAll(read(record, kind)));
    }
    return read;
  }

  private static List<HandedOver> read(HandoverRecord written, HandoverReader.Kind kind) {
    ProducerRecord<byte[], byte[]> record = new HandoverWriter("t").serialize(written, null, 17L);
    assertThat(record.timestamp()).as("the topic stamps by append").isNull();
    return read(record.key(), record.value(), new RecordHeaders(record.headers().toArray()), kind);
  }

  private static List<HandedOver> read(
      byte[] key, byte[] value, RecordHeaders headers, HandoverReader.Kind kind) {
    HandoverReader reader = new HandoverReader(kind);
    reader.open(new Opening());
    List<HandedOver> read = new ArrayList<>();
    reader.deserialize(
        new ConsumerRecord<>(
            "t",
            0,
            0,
            0,
            TimestampType.LOG_APPEND_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty()),
        new ListCollector<>(read));
    return read;
  }

  private static final class Opening implements DeserializationSchema.InitializationContext {
    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
    }
  }

  private static final class Times implements WatermarkOutput {
    final List<Long> emitted = new ArrayList<>();

    @Override
    public void emitWatermark(Watermark watermark) {
      emitted.add(watermark.getTimestamp());
    }

    @Override
    public void markIdle() {
      throw new AssertionError("a partition is never idle");
    }

    @Override
    public void markActive() {
      throw new AssertionError("a partition is never idle");
    }
  }
}
