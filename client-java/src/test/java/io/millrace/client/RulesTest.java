package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small decisions: pauses, the circuit, ids, Retry-After. */
class RulesTest {
  @ParameterizedTest
  @CsvSource({
    // failures, asked, at least, at most (ms)
    "1, 0, 100, 200",
    "2, 0, 200, 400",
    "4, 0, 800, 1600",
    "9, 0, 15000, 30000",
    "1000000, 0, 15000, 30000",
    "1, 2000, 2000, 2200",
    "9, 2000, 15000, 30000",
    "1, 86400000, 600000, 600200"
  })
  void pausesTwiceAsLongAfterEachFailureAndAtLeastAsLongAsAsked(
      int failures, long askedMillis, long minMillis, long maxMillis) {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), new Random(7));

    TreeSet<Long> pauses =
        IntStream.range(0, 1000)
            .mapToObj(i -> backoff.after(failures, Duration.ofMillis(askedMillis)).toMillis())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(pauses.first()).isGreaterThanOrEqualTo(minMillis);
    assertThat(pauses.last()).isLessThanOrEqualTo(maxMillis);
    assertThat(pauses).hasSizeGreaterThan(50); // not in step
  }

  @Test
  void theCircuitOpensAfterFailuresInARowOnceAndClosesWithASuccess() {
    Circuit circuit = new Circuit(2);

    assertThat(circuit.failed()).isFalse();
    assertThat(circuit.succeeded()).isFalse();
    assertThat(circuit.failed()).isFalse();
    assertThat(circuit.failed()).isTrue();
    assertThat(circuit.failed()).isFalse();
    assertThat(circuit.denied()).isFalse();
    assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
    assertThat(circuit.succeeded()).isTrue();
    assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    assertThat(circuit.denied()).isTrue();
  }

  @Test
  void idsAreUuidsOfVersion7WithTheirTimeInFront() {
    long millis = 1_767_225_600_123L;

    UUID id = UuidV7.at(millis);

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis);
    assertThat(IntStream.range(0, 10_000).mapToObj(i -> UuidV7.at(millis))).doesNotHaveDuplicates();
    assertThat(UuidV7.at(millis + 1).toString()).isGreaterThan(id.toString());
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "0, 0", "-1, 0", "soon, 0", "99999999999999, 0"})
  void readsRetryAfterInSeconds(String header, long seconds) {
    Answer answer = Answer.of(503, header, new byte[0], 1);

    assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void readsRetryAfterAsADate() {
    String inAnHour =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(3600).atOffset(ZoneOffset.UTC));
    String anHourAgo =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().minusSeconds(3600).atOffset(ZoneOffset.UTC));

    assertThat(Answer.of(503, inAnHour, new byte[0], 1).retryAfter())
        .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(61));
    assertThat(Answer.of(503, anHourAgo, new byte[0], 1).retryAfter()).isZero();
  }
}
