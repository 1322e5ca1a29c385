package io.millrace.domain.session;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SessionRulesTest {
  private final SessionRules rules = SessionRules.withGap(Duration.ofMinutes(30));

  @Test
  void keepsASessionOpenForExactlyTheGapAndNoLonger() {
    List<Session> sessions =
        rules.sessionize(
            List.of(pageView("ann", t(0)), pageView("ann", t(30)), pageView("ann", t(60) + 1)));

    assertThat(sessions)
        .extracting(session -> session.startedAt, session -> session.events)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(t(0), 2L),
            org.assertj.core.groups.Tuple.tuple(t(60) + 1, 1L));
  }

  @Test
  void countsASessionWithExactlyOnePageViewAsABounceWhateverElseHappens() {
    Session onePage =
        rules.sessionize(List.of(pageView("ann", t(0)), event("click", "ann", t(1)))).get(0);
    Session noPage = rules.sessionize(List.of(event("click", "ann", t(0)))).get(0);
    Session twoPages =
        rules.sessionize(List.of(pageView("ann", t(0)), pageView("ann", t(1)))).get(0);

    assertThat(onePage.bounce()).isTrue();
    assertThat(noPage.bounce()).isFalse();
    assertThat(twoPages.bounce()).isFalse();
    assertThat(twoPages.distinctPages).isEqualTo(1);
  }

  @Test
  void breaksTiesOfTheSameMillisecondBySequenceAndThenById() {
    Event second = pageView("ann", t(0), "/second");
    second.eventId = "b";
    second.sequence = 2L;
    Event first = pageView("ann", t(0), "/first");
    first.eventId = "c";
    first.sequence = 1L;
    Event third = pageView("ann", t(0), "/third");
    third.eventId = "d";
    third.sequence = 2L;

    Session session = rules.sessionize(List.of(third, second, first)).get(0);

    assertThat(session.entryPage).isEqualTo("/first");
    assertThat(session.exitPage).isEqualTo("/third");
  }

  @Test
  void givesTheSameIdForTheSameStartAndAnotherForAnyOther() {
    String id = SessionRules.sessionId("acme", "ann", t(0));

    assertThat(id).matches("[0-9a-f]{32}").isEqualTo(SessionRules.sessionId("acme", "ann", t(0)));
    assertThat(id)
        .isNotEqualTo(SessionRules.sessionId("acme", "ann", t(0) + 1))
        .isNotEqualTo(SessionRules.sessionId("acme", "bob", t(0)))
        .isNotEqualTo(SessionRules.sessionId("other", "ann", t(0)));
  }

  @Test
  void saysWhatAGapMayBe() {
    assertThatThrownBy(() -> SessionRules.withGap(Duration.ZERO))
        .hasMessage("sessions.gap is 0 ms; give a duration above 0, for example \"30 min\"");
  }

  @Property
  void givesTheSameContentForAnyOrderAndAnySplit(
      @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 0, max = 400) Long> minutes,
      @ForAll long seed) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < minutes.size(); i++) {
      Event event = pageView("ann", t(0) + minutes.get(i) * 1_000, "/" + minutes.get(i) % 7);
      event.eventId = "e" + i;
      event.revenueCents = minutes.get(i);
      event.channel = "channel" + i;
      events.add(event);
    }
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, new Random(seed));

    int middle = shuffled.size() / 2;
    SessionContent one = contentOf(shuffled.subList(0, Math.max(1, middle)));
    if (middle > 0) {
      one.join(contentOf(shuffled.subList(middle, shuffled.size())));
    }

    assertThat(SessionRules.session("acme", "ann", one, 1))
        .usingRecursiveComparison()
        .isEqualTo(rules.sessionize(events).get(0));
  }

  private static SessionContent contentOf(List<Event> events) {
    SessionContent content = null;
    for (Event event : events) {
      long hash = SessionRules.hash(event.eventId);
      if (content == null) {
        content = SessionContent.of(event, hash);
      } else {
        content.add(event, hash);
      }
    }
    return content;
  }
}
