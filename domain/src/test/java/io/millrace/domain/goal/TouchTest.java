package io.millrace.domain.goal;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.event.Event;
import io.millrace.domain.session.SessionRules;
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

class TouchTest {
  private final SessionRules rules = SessionRules.withGap(Duration.ofMinutes(30));

  @Property
  void rememberTheSessionsOfTheSessionRulesWhateverTheOrderAndHoweverOften(
      @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 60) Long> quarters,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < quarters.size(); i++) {
      Event event = event("click", "ann", t(quarters.get(i) * 10));
      event.eventId = "e" + random.nextInt(1_000) + '-' + i;
      event.sequence = random.nextBoolean() ? (long) random.nextInt(3) : null;
      event.channel = "channel" + i;
      event.trafficSource = "source" + i;
      events.add(event);
    }
    List<Event> arriving = new ArrayList<>(events);
    arriving.addAll(events.subList(0, events.size() / 2));
    Collections.shuffle(arriving, random);

    List<Touch> touches = new ArrayList<>();
    for (Event event : arriving) {
      Touch.place(touches, Definitions.NONE.match(event), 0, rules);
    }

    assertThat(touches)
        .extracting(TouchTest::line)
        .isEqualTo(
            rules.sessionize(events).stream()
                .map(s -> s.startedAt + ".." + s.endedAt + ' ' + s.channel + ' ' + s.source)
                .toList());
  }

  @Test
  void saysWhetherMoreThanAnEndMoved() {
    List<Touch> touches = new ArrayList<>();

    assertThat(place(touches, 10)).isTrue();
    assertThat(place(touches, 20)).isFalse();
    assertThat(place(touches, 15)).isFalse();
    assertThat(place(touches, 60)).isTrue();
    assertThat(place(touches, 40)).as("joins").isTrue();
    assertThat(place(touches, 0)).as("moves the start").isTrue();
    assertThat(touches).hasSize(1);
  }

  private boolean place(List<Touch> touches, long minute) {
    return Touch.place(
        touches, Definitions.NONE.match(event("click", "ann", t(minute))), t(minute), rules);
  }

  private static String line(Touch touch) {
    return touch.startedAt + ".." + touch.endedAt + ' ' + touch.channel + ' ' + touch.source;
  }
}
