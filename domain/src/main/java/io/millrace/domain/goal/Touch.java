package io.millrace.domain.goal;

import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.session.SessionContent;
import io.millrace.domain.session.SessionRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What attribution remembers of one session: when it was, and how its first event came. The same
 * sessions as {@link SessionContent} has, a tenth of the size, and kept for months. A Flink POJO.
 *
 * <p>Adding an event twice changes nothing, and any order gives the same touches.
 */
public final class Touch {
  /** Epoch ms. */
  public long startedAt;

  /** Epoch ms. */
  public long endedAt;

  public Long firstSequence;
  public String firstEventId;
  public String channel;
  public String source;
  public String medium;
  public String campaign;

  /** When the last event of the session arrived, by the clock of whoever keeps this; epoch ms. */
  public long touchedAt;

  /** The session of just this event. */
  public static Touch of(MatchedEvent event, long arrivedAt) {
    Touch touch = new Touch();
    touch.startedAt = event.occurredAt;
    touch.endedAt = event.occurredAt;
    touch.firstSequence = event.sequence;
    touch.firstEventId = event.eventId;
    touch.channel = event.channel;
    touch.source = event.trafficSource;
    touch.medium = event.trafficMedium;
    touch.campaign = event.trafficCampaign;
    touch.touchedAt = arrivedAt;
    return touch;
  }

  /**
   * Puts an event where it belongs: into a new session, one that is there, or one that it makes of
   * two. The list stays in order of start.
   *
   * @return whether more changed than the end of one session
   */
  public static boolean place(
      List<Touch> touches, MatchedEvent event, long arrivedAt, SessionRules rules) {
    Touch home = of(event, arrivedAt);
    List<Touch> near = new ArrayList<>(2);
    for (Touch touch : touches) {
      if (rules.touches(event.occurredAt, touch.startedAt, touch.endedAt)) {
        near.add(touch);
      }
    }
    if (near.size() == 1 && !home.isBefore(near.get(0))) {
      Touch only = near.get(0);
      only.endedAt = Math.max(only.endedAt, home.endedAt);
      only.touchedAt = Math.max(only.touchedAt, arrivedAt);
      return false;
    }
    for (Touch touch : near) {
      home.join(touch);
      touches.remove(touch);
    }
    touches.add(home);
    touches.sort(Comparator.comparingLong(touch -> touch.startedAt));
    return true;
  }

  /** The session that holds this time; null if it is none of these. */
  public static Touch at(List<Touch> touches, long occurredAt) {
    for (Touch touch : touches) {
      if (occurredAt >= touch.startedAt && occurredAt <= touch.endedAt) {
        return touch;
      }
    }
    return null;
  }

  public Touch copy() {
    Touch copy = new Touch();
    copy.startedAt = startedAt;
    copy.endedAt = endedAt;
    copy.touchedAt = touchedAt;
    copy.takeFirst(this);
    return copy;
  }

  private void join(Touch other) {
    if (other.isBefore(this)) {
      takeFirst(other);
    }
    startedAt = Math.min(startedAt, other.startedAt);
    endedAt = Math.max(endedAt, other.endedAt);
    touchedAt = Math.max(touchedAt, other.touchedAt);
  }

  private boolean isBefore(Touch other) {
    return SessionContent.compare(
            startedAt,
            firstSequence,
            firstEventId,
            other.startedAt,
            other.firstSequence,
            other.firstEventId)
        < 0;
  }

  private void takeFirst(Touch other) {
    firstSequence = other.firstSequence;
    firstEventId = other.firstEventId;
    channel = other.channel;
    source = other.source;
    medium = other.medium;
    campaign = other.campaign;
  }
}
