package io.millrace.domain.definitions;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.SessionContent;
import java.util.Comparator;

/**
 * What goals, funnels and attribution need of an event: who, when, how the visitor came, and what
 * the definitions in force say that it is. A Flink POJO, and not changed once it is made.
 *
 * <p>Times are epoch milliseconds, UTC.
 */
public final class MatchedEvent {
  /** Order of a visitor's events, as {@link SessionContent#ORDER}. */
  public static final Comparator<MatchedEvent> ORDER =
      (a, b) ->
          SessionContent.compare(
              a.occurredAt, a.sequence, a.eventId, b.occurredAt, b.sequence, b.eventId);

  public String tenant;
  public String visitorId;
  public String eventId;
  public long occurredAt;

  /** Null where the sender does not count. */
  public Long sequence;

  public boolean bot;

  /** How the visitor came, as in {@link Event}; null where {@link #withoutTraffic}. */
  public String channel;

  public String trafficSource;
  public String trafficMedium;
  public String trafficCampaign;

  /** Version of the tenant's whole file; null where the tenant has none. */
  public String definitionsVersion;

  /** The goals that the event reaches; null if none. */
  public GoalMatch[] goals;

  /** The funnels of which the event can be a step; null if none. */
  public FunnelMatch[] funnels;

  static MatchedEvent of(Event event) {
    MatchedEvent matched = new MatchedEvent();
    matched.tenant = event.tenant;
    matched.visitorId = event.visitorId;
    matched.eventId = event.eventId;
    matched.occurredAt = event.occurredAt;
    matched.sequence = event.sequence;
    matched.bot = event.bot;
    matched.channel = event.channel;
    matched.trafficSource = event.trafficSource;
    matched.trafficMedium = event.trafficMedium;
    matched.trafficCampaign = event.trafficCampaign;
    return matched;
  }

  /** Whether the event is a conversion or can be a step. */
  public boolean matchesAny() {
    return goals != null || funnels != null;
  }

  /** The same, to be kept where the visitor's sessions are kept apart. */
  public MatchedEvent withoutTraffic() {
    MatchedEvent lean = withoutGoals();
    lean.goals = goals;
    return lean;
  }

  /** The same, as a possible step only, and without traffic. */
  public MatchedEvent withoutGoals() {
    MatchedEvent lean = new MatchedEvent();
    lean.tenant = tenant;
    lean.visitorId = visitorId;
    lean.eventId = eventId;
    lean.occurredAt = occurredAt;
    lean.sequence = sequence;
    lean.bot = bot;
    lean.definitionsVersion = definitionsVersion;
    lean.funnels = funnels;
    return lean;
  }
}
