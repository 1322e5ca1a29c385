package io.millrace.jobs.enrich;

import static io.millrace.jobs.enrich.RawRecords.NOW;
import static io.millrace.jobs.enrich.RawRecords.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.kit.DeadLetter;
import org.junit.jupiter.api.Test;

class RefusedReaderTest {
  @Test
  void readsTheReasonFromTheHeadersAndKeepsTheBytes() {
    byte[] refused = "{\"eventId\":1}".getBytes(UTF_8);

    DeadLetter letter =
        RefusedReader.read(
            record(
                refused,
                "tenant",
                "acme",
                "event_id",
                "e1",
                "code",
                "wrong_type",
                "message",
                "eventId is a number"));

    assertThat(letter.tenant).isEqualTo("acme");
    assertThat(letter.eventId).isEqualTo("e1");
    assertThat(letter.code).isEqualTo("wrong_type");
    assertThat(letter.message).isEqualTo("eventId is a number");
    assertThat(letter.stage).isEqualTo("gateway");
    assertThat(letter.receivedAt).isEqualTo(NOW);
    assertThat(letter.payload).isSameAs(refused);
    assertThat(letter.kafkaPartition).isEqualTo(3);
    assertThat(letter.kafkaOffset).isEqualTo(42);
  }

  @Test
  void fillsWhatTheTableRequiresThoughARecordSaysNothing() {
    DeadLetter letter = RefusedReader.read(record((byte[]) null));

    assertThat(letter.code).isEqualTo("unknown");
    assertThat(letter.message).isEqualTo("The gateway gave no reason");
    assertThat(letter.tenant).isNull();
    assertThat(letter.payload).isNull();
  }
}
