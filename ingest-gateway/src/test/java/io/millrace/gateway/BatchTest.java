package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.domain.event.EventReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
  private static final String EVENT =
      "{\"eventId\":\"e\",\"eventType\":\"a\",\"timestamp\":1,\"visitorId\":\"ü\"}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":[[{\"ip\":1}]],\"eventId\":\"\"}",
        "[[1,{\"a\":[2]}],3]",
        "\"text \\\" }\"",
        "-1.5e3",
        "null",
        "{\"a\":1,\"a\":{\"b\":[]}}",
        "{}"
      })
  void knowsWhereEachElementStandsAlsoARefusedOne(String bad) throws Exception {
    String body = "{\"events\" : [ " + EVENT + " , " + bad + " ,\n" + EVENT + "] }";

    Batch batch = read(body);

    byte[] bytes = body.getBytes(UTF_8);
    assertThat(batch.items())
        .extracting(item -> new String(bytes, item.start(), item.end() - item.start(), UTF_8))
        .isEqualTo(List.of(EVENT, bad, EVENT));
    assertThat(batch.items())
        .extracting(item -> item.refused() == null)
        .isEqualTo(List.of(true, false, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"events":[],"metadata":{"sentAt":1767225600000}}                  | 1767225600000
          {"metadata":{"x":{"sentAt":1},"sentAt":1767225600000.5},"events":[]} | 1767225600000
          {"metadata":{"sentAt":null},"events":[]}                           |
          {"metadata":7,"events":[]}                                         |
          []                                                                 |
          """)
  void readsWhenTheBatchWasSent(String body, Long sentAt) throws Exception {
    assertThat(read(body).sentAt()).isEqualTo(sentAt);
  }

  @Test
  void takesAnObjectWithoutAListOfEventsForABareEvent() throws Exception {
    Batch batch = read("{\"metadata\":{\"events\":[]},\"events\":7,\"eventId\":\"e\"}");

    assertThat(batch.items()).hasSize(1);
    assertThat(batch.items().get(0).refused())
        .hasMessage(
            "eventType is missing; eventId, eventType, timestamp and visitorId are required");
  }

  @Test
  void refusesABodyThatIsNestedBeyondAnyUse() {
    String deep = "[".repeat(100_000);

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> read(deep))
        .withMessageContaining("the body is no valid JSON")
        .withMessageContaining("1000");
  }

  private static Batch read(String body) throws ProblemException {
    return Batch.read(body.getBytes(UTF_8), new EventReader(), 500);
  }
}
