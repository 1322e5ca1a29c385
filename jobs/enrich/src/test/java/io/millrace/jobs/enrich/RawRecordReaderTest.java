package io.millrace.jobs.enrich;

import static io.millrace.jobs.enrich.RawRecords.EVENT;
import static io.millrace.jobs.enrich.RawRecords.NOW;
import static io.millrace.jobs.enrich.RawRecords.record;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.jobs.kit.DeadLetter;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RawRecordReaderTest {
  private static final String RECEIVED = Long.toString(NOW);

  private final RawRecordReader reader = new RawRecordReader();

  @BeforeEach
  void open() {
    reader.open(null);
  }

  @Test
  void readsAnEventWithItsEnvelopeAndItsPlaceInKafka() {
    RawRecord raw =
        reader.read(
            record(
                EVENT.getBytes(UTF_8),
                "tenant",
                "acme",
                "received_at",
                RECEIVED,
                "sent_at",
                RECEIVED,
                "ip_prefix",
                "203.0.113.0/24",
                "country",
                "FR",
                "user_agent",
                "UA"));

    assertThat(raw.deadLetter).isNull();
    assertThat(raw.eventTime).isEqualTo(1_767_225_599_000L).isEqualTo(raw.event.occurredAt);
    assertThat(raw.event.tenant).isEqualTo("acme");
    assertThat(raw.event.receivedAt).isEqualTo(NOW);
    assertThat(raw.event.sentAt).isEqualTo(NOW);
    assertThat(raw.event.ipPrefix).isEqualTo("203.0.113.0/24");
    assertThat(raw.event.country).isEqualTo("FR");
    assertThat(raw.event.userAgent).isEqualTo("UA");
    assertThat(raw.event.kafkaPartition).isEqualTo(3);
    assertThat(raw.event.kafkaOffset).isEqualTo(42);
  }

  @Test
  void takesTheClientsTimeOfAHistoricalEventAsItIs() {
    String old = EVENT.replace("1767225599000", "1000");
    String later = Long.toString(NOW - 3_600_000);

    RawRecord live =
        reader.read(
            record(
                old.replace("1000", "1767220000000").getBytes(UTF_8),
                "tenant",
                "acme",
                "received_at",
                RECEIVED,
                "sent_at",
                later));
    RawRecord historical =
        reader.read(
            record(
                old.getBytes(UTF_8),
                "tenant",
                "acme",
                "received_at",
                RECEIVED,
                "sent_at",
                later,
                "historical",
                "true"));

    assertThat(live.event.occurredAt).isEqualTo(1_767_220_000_000L + 3_600_000);
    assertThat(historical.event.occurredAt).isEqualTo(1_000);
  }

  @Test
  void readsAHeartbeatAsNothingButItsTime() {
    RawRecord raw = reader.read(record(null, "heartbeat", RECEIVED));

    assertThat(raw.event).isNull();
    assertThat(raw.deadLetter).isNull();
    assertThat(raw.eventTime).isEqualTo(NOW);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void keepsAPoisonRecordAsADeadLetter(
      String what, ConsumerRecord<byte[], byte[]> poison, String code, String message) {
    RawRecord raw = reader.read(poison);

    assertThat(raw.event).isNull();
    assertThat(raw.eventTime).isEqualTo(Long.MIN_VALUE);
    DeadLetter letter = raw.deadLetter;
    assertThat(letter.code).isEqualTo(code);
    assertThat(letter.message).isEqualTo(message);
    assertThat(letter.stage).isEqualTo("enrich");
    assertThat(letter.payload).isEqualTo(poison.value());
    assertThat(letter.receivedAt).isEqualTo(NOW);
    assertThat(letter.kafkaPartition).isEqualTo(3);
    assertThat(letter.kafkaOffset).isEqualTo(42);
  }

  static Stream<Arguments> keepsAPoisonRecordAsADeadLetter() {
    byte[] event = EVENT.getBytes(UTF_8);
    byte[] notUtf8 = event.clone();
    notUtf8[14] = (byte) 0xff;
    String noEnvelope =
        "The record's headers say tenant=%s, received_at=%s; the gateway sets both on every event";
    return Stream.of(
        arguments(
            "no value",
            record(null, "tenant", "acme", "received_at", RECEIVED),
            "not_an_object",
            "The record has no value; give one JSON object"),
        arguments(
            "no headers", record(event), "missing_envelope", noEnvelope.formatted("null", "null")),
        arguments(
            "an empty tenant",
            record(event, "tenant", "", "received_at", RECEIVED),
            "missing_envelope",
            noEnvelope.formatted("", RECEIVED)),
        arguments(
            "a tenant with a bar",
            record(event, "tenant", "a|b", "received_at", RECEIVED),
            "missing_envelope",
            noEnvelope.formatted("a|b", RECEIVED)),
        arguments(
            "a header without a value",
            record(event, "tenant", "acme", "received_at", null),
            "missing_envelope",
            noEnvelope.formatted("acme", "null")),
        arguments(
            "a bad received_at",
            record(event, "tenant", "acme", "received_at", "soon"),
            "missing_envelope",
            "The record's header received_at is \"soon\"; it must be epoch ms in decimal"),
        arguments(
            "a bad sent_at",
            record(event, "tenant", "acme", "received_at", RECEIVED, "sent_at", ""),
            "missing_envelope",
            "The record's header sent_at is \"\"; it must be epoch ms in decimal"),
        arguments(
            "a bad heartbeat",
            record(null, "heartbeat", "99999999999999999999"),
            "missing_envelope",
            "The record's header heartbeat is \"99999999999999999999\";"
                + " it must be epoch ms in decimal"),
        arguments(
            "bytes that are not UTF-8",
            record(notUtf8, "tenant", "acme", "received_at", RECEIVED),
            "malformed_json",
            "the event is not UTF-8; send JSON in UTF-8"),
        arguments(
            "an empty value",
            record(new byte[0], "tenant", "acme", "received_at", RECEIVED),
            "malformed_json",
            "the event is empty; send one JSON object"));
  }

  @Test
  void keepsTheIdAndTheTenantOfWhatItRefuses() {
    RawRecord raw = reader.read(record(EVENT.replace("1767225599000", "0")));

    assertThat(raw.deadLetter.code).isEqualTo("invalid_timestamp");
    assertThat(raw.deadLetter.eventId).isEqualTo("e1");
    assertThat(raw.deadLetter.tenant).isEqualTo("acme");
  }

  @Test
  void keepsEveryTruncatedEventAsADeadLetter() {
    byte[] whole = EVENT.getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);

      RawRecord raw = reader.read(record(cut, "tenant", "acme", "received_at", RECEIVED));

      assertThat(raw.deadLetter).as("cut to %d bytes", length).isNotNull();
      assertThat(raw.deadLetter.code).isEqualTo("malformed_json");
    }
  }

  @Test
  void givesAnEventOrADeadLetterForAnyBytesAndNeverBoth() {
    Random random = new Random(42);
    int unreadable = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] mutated = mutated(random);
      RawRecord raw = reader.read(record(mutated, headers(random)));

      assertThat(raw.event == null).as("mutation %d", i).isNotEqualTo(raw.deadLetter == null);
      if (raw.deadLetter != null) {
        assertThat(raw.deadLetter.payload).isSameAs(mutated);
        unreadable += raw.deadLetter.code.equals("unreadable") ? 1 : 0;
      }
    }
    assertThat(unreadable).as("failures where the reader should have refused").isZero();
  }

  private static Object[] headers(Random random) {
    String[] times = {RECEIVED, RECEIVED, RECEIVED, "0", "-1", "9223372036854775807", "x", ""};
    byte[] tenant = "acme".getBytes(UTF_8);
    if (random.nextInt(10) == 0) {
      tenant[random.nextInt(4)] = (byte) random.nextInt(256);
    }
    return new Object[] {
      "tenant",
      tenant,
      "received_at",
      times[random.nextInt(times.length)],
      "sent_at",
      random.nextBoolean() ? null : times[random.nextInt(times.length)],
      "historical",
      random.nextBoolean() ? "true" : "false"
    };
  }

  /** The event with some bytes changed, left out, doubled, or exchanged for awkward ones. */
  private static byte[] mutated(Random random) {
    StringBuilder text = new StringBuilder(new String(EVENT.getBytes(UTF_8), ISO_8859_1));
    String[] awkward = {
      "\"",
      "{",
      "}",
      "[",
      "\\",
      "\\u0000",
      "\\ud800",
      "null",
      "-1",
      "1e999",
      "9223372036854775808",
      "\u0000",
      "\u00ff",
      "\u00c3",
      ",",
      ":",
      "[[[[[[[[[[[[[[[[[[[[",
      "\"eventId\":1,",
      "true"
    };
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
        default -> text.insert(at, awkward[random.nextInt(awkward.length)]);
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }
}
