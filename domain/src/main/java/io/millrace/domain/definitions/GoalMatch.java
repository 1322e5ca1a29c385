package io.millrace.domain.definitions;

/** An event reaches a goal. A Flink POJO. */
public final class GoalMatch {
  public String goal;

  /** Version of the goal's definition. */
  public String version;

  public long revenueCents;

  /** Of {@link #revenueCents}; null where the event names none. */
  public String currency;
}
