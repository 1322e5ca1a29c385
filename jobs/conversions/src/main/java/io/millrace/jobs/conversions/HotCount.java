package io.millrace.jobs.conversions;

import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.metric.MetricRules;

/**
 * How often one goal, or one step of a funnel, was reached in one minute; or how much more often. A
 * Flink POJO, kept in state.
 */
public final class HotCount {
  public String tenant;

  /** Name of the goal or funnel. */
  public String name;

  /** Version of its definition. */
  public String version;

  /** Number of the step, from 1; 0 of a goal. */
  public int step;

  /** Null of a goal. */
  public String stepName;

  /** How many steps the funnel has; 0 of a goal, and where it is not known. */
  public int stepsInAll;

  /** {@code session} or {@code visitor}; null of a goal. */
  public String scope;

  public boolean bot;

  /** Start of the minute, epoch ms. */
  public long minute;

  public long reached;

  /** 0 of a step. */
  public long revenueCents;

  /** Grows with every change, so it tells which of two values is newer. */
  public long changes;

  /** That the goal was reached once. */
  public static HotCount of(Conversion conversion) {
    HotCount count = new HotCount();
    count.tenant = conversion.tenant;
    count.name = conversion.goal;
    count.version = conversion.version;
    count.bot = conversion.bot;
    count.minute = MetricRules.windowStart(conversion.occurredAt, MetricRules.MINUTE_MS);
    count.reached = 1;
    count.revenueCents = conversion.revenueCents;
    return count;
  }

  /**
   * That the step was reached.
   *
   * @param times 1, or -1 to take it back
   */
  public static HotCount of(FunnelStep step, int times) {
    HotCount count = new HotCount();
    count.tenant = step.tenant;
    count.name = step.funnel;
    count.version = step.version;
    count.step = step.step;
    count.stepName = step.stepName;
    count.stepsInAll = step.stepsInAll;
    count.scope = step.scope;
    count.bot = step.bot;
    count.minute = MetricRules.windowStart(step.occurredAt, MetricRules.MINUTE_MS);
    count.reached = times;
    return count;
  }

  /** What is counted together: the same goal or step in the same minute. */
  public String key() {
    return tenant
        + '|'
        + minute
        + '|'
        + (bot ? '1' : '0')
        + '|'
        + step
        + '|'
        + version
        + '|'
        + name;
  }

  /** Adds the other's numbers to this. */
  public void add(HotCount other) {
    reached += other.reached;
    revenueCents += other.revenueCents;
  }

  HotCount copy() {
    HotCount copy = new HotCount();
    copy.tenant = tenant;
    copy.name = name;
    copy.version = version;
    copy.step = step;
    copy.stepName = stepName;
    copy.stepsInAll = stepsInAll;
    copy.scope = scope;
    copy.bot = bot;
    copy.minute = minute;
    copy.reached = reached;
    copy.revenueCents = revenueCents;
    copy.changes = changes;
    return copy;
  }
}
