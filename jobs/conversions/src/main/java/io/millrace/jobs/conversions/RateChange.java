package io.millrace.jobs.conversions;

import io.millrace.jobs.kit.SessionChange;

/**
 * That a session began, a goal was reached or a step of a funnel; or that it was not. A Flink POJO.
 */
public final class RateChange {
  public String tenant;

  /** Epoch ms. */
  public long at;

  /** Name of the goal or funnel; null of a session. */
  public String name;

  /** Version of the funnel's definition; null of a session. */
  public String version;

  /** Number of the step, from 1; 0 of a goal or session. */
  public int step;

  /** How many steps the funnel has; 0 where it is not known. */
  public int stepsInAll;

  /** How often more; below 0 where it is taken back. */
  public long times;

  static RateChange of(HotCount counted) {
    RateChange change = new RateChange();
    change.tenant = counted.tenant;
    change.at = counted.minute;
    change.name = counted.name;
    change.version = counted.version;
    change.step = counted.step;
    change.stepsInAll = counted.stepsInAll;
    change.times = counted.reached;
    return change;
  }

  static RateChange of(SessionChange session) {
    RateChange change = new RateChange();
    change.tenant = session.session.tenant;
    change.at = session.session.startedAt;
    change.times = session.takesBack() ? -1 : 1;
    return change;
  }
}
