package io.millrace.domain.goal;

import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import java.util.List;

/** Touches of a batch: made of the sessions that {@link SessionRules#sessionize} gives. */
public final class TestTouches {
  private TestTouches() {}

  public static List<Touch> of(List<Session> sessions) {
    return sessions.stream().map(TestTouches::of).toList();
  }

  public static Touch of(Session session) {
    Touch touch = new Touch();
    touch.startedAt = session.startedAt;
    touch.endedAt = session.endedAt;
    touch.channel = session.channel;
    touch.source = session.source;
    touch.medium = session.medium;
    touch.campaign = session.campaign;
    return touch;
  }

  public static List<MatchedEvent> match(Definitions definitions, List<Event> events) {
    return events.stream().map(definitions::match).toList();
  }
}
