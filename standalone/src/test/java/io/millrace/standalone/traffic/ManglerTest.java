package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManglerTest {
  private static final List<OutgoingEvent> GOOD =
      IntStream.range(0, 10_000).mapToObj(i -> event(i, i * 1_000L)).toList();

  @Test
  void changesNothingUnlessAsked() {
    assertThat(mangled(GOOD, new Mangler(Mangler.Options.NONE, 1))).isEqualTo(GOOD);
  }

  @Test
  void sendsTheSameBytesTwiceAfterTheFirst() {
    Mangler mangler = new Mangler(Mangler.Options.parse("duplicates=5%"), 1);

    List<OutgoingEvent> sent = mangled(GOOD, mangler);

    assertThat(mangler.duplicates()).isCloseTo(500, withinPercentage(20));
    assertThat(sent).hasSize(10_000 + (int) mangler.duplicates());
    List<OutgoingEvent> firsts = new ArrayList<>();
    HashSet<OutgoingEvent> seen = new HashSet<>();
    sent.stream().filter(seen::add).forEach(firsts::add);
    assertThat(firsts).isEqualTo(GOOD);
  }

  @Test
  void losesTheOrderWithinTheWindowOnly() {
    List<OutgoingEvent> sent = mangled(GOOD, new Mangler(Mangler.Options.parse("shuffle=60s"), 1));

    assertThat(sent).containsExactlyInAnyOrderElementsOf(GOOD).isNotEqualTo(GOOD);
    long newest = 0;
    for (OutgoingEvent event : sent) {
      newest = Math.max(newest, event.timestamp());
      assertThat(newest - event.timestamp()).isLessThanOrEqualTo(60_000);
    }
  }

  @Test
  void sendsLateOnesAfterAllOthers() {
    Mangler mangler = new Mangler(Mangler.Options.parse("late=1%"), 1);

    List<OutgoingEvent> sent = mangled(GOOD, mangler);

    int late = (int) mangler.late();
    assertThat(late).isCloseTo(100, withinPercentage(40));
    assertThat(sent).containsExactlyInAnyOrderElementsOf(GOOD);
    assertThat(sent.subList(0, 10_000 - late)).isSortedAccordingTo(ManglerTest::byTime);
    assertThat(sent.subList(10_000 - late, 10_000)).isSortedAccordingTo(ManglerTest::byTime);
  }

  @Test
  void doesTheSameForTheSameSeed() {
    Mangler.Options all = Mangler.Options.parse("duplicates=5%, shuffle=1min, late=1%");

    List<OutgoingEvent> first = mangled(GOOD, new Mangler(all, 7));

    assertThat(mangled(GOOD, new Mangler(all, 7))).isEqualTo(first);
    assertThat(mangled(GOOD, new Mangler(all, 8))).isNotEqualTo(first);
  }

  @Test
  void readsItsOptions() {
    assertThat(Mangler.Options.parse("late=0.5%,shuffle=2h"))
        .isEqualTo(new Mangler.Options(0, Duration.ofHours(2), 0.005));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "duplicate=5% | Cannot read \"duplicate=5%\"",
        "late | Cannot read \"late\": give a percentage from 0% to 100%",
        "late=5 | Cannot read \"late=5\": give a percentage from 0% to 100%",
        "duplicates=101% | Cannot read \"duplicates=101%\": give a percentage from 0% to 100%",
        "shuffle=60 | Cannot read \"shuffle=60\": give a time in ms, s, min or h",
      })
  void saysWhatItCannotRead(String text, String message) {
    assertThatThrownBy(() -> Mangler.Options.parse(text))
        .hasMessage(
            message
                + "; the form is duplicates=5%,shuffle=60s,late=1% (each part may be left out)");
  }

  private static int byTime(OutgoingEvent a, OutgoingEvent b) {
    return Long.compare(a.timestamp(), b.timestamp());
  }

  private static List<OutgoingEvent> mangled(List<OutgoingEvent> good, Mangler mangler) {
    List<OutgoingEvent> sent = new ArrayList<>();
    for (OutgoingEvent event : good) {
      mangler.add(event);
      for (OutgoingEvent e = mangler.poll(); e != null; e = mangler.poll()) {
        sent.add(e);
      }
    }
    mangler.end();
    for (OutgoingEvent e = mangler.poll(); e != null; e = mangler.poll()) {
      sent.add(e);
    }
    return sent;
  }

  private static OutgoingEvent event(int id, long timestamp) {
    byte[] json = ("{\"eventId\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
    return new OutgoingEvent("" + id, "v", timestamp, json);
  }
}
