package io.millrace.jobs.conversions;

import io.millrace.domain.alert.RateRules;

/** State: how often a goal, or the ends of a funnel, were reached in one hour. A Flink POJO. */
public final class RateCount {
  static final long HOUR_MILLIS = RateRules.WINDOW.toMillis();

  /** Start of the hour, epoch ms. */
  public long hour;

  /** Name of the goal or funnel. */
  public String name;

  public boolean funnel;

  /** Who took the funnel's first step. */
  public long entered;

  /** Who took the funnel's last step, or how often the goal was reached. */
  public long through;

  static RateCount of(RateChange change) {
    RateCount count = new RateCount();
    count.hour = hour(change.at);
    count.name = change.name;
    count.funnel = change.step > 0;
    return count;
  }

  /** Versions of a funnel are counted apart, as steps of two never mix; those of a goal are not. */
  static String key(RateChange change) {
    return hour(change.at) + "|" + (change.step > 0 ? change.version : "goal") + '|' + change.name;
  }

  /** Start of the hour that holds the time, both epoch ms. */
  static long hour(long at) {
    return Math.floorDiv(at, HOUR_MILLIS) * HOUR_MILLIS;
  }

  void add(RateChange change) {
    if (change.step == 1) {
      entered += change.times;
    }
    if (change.step == change.stepsInAll) { // both are 0 of a goal
      through += change.times;
    }
  }
}
