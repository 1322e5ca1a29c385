package io.millrace.domain.funnel;

import java.util.Objects;

/**
 * A step that a session or a visitor reached, at the event that reached it first; a row of {@code
 * lake.funnel_steps}. A Flink POJO: fields are public, and set once.
 */
public final class FunnelStep {
  public String tenant;
  public String stepId;
  public String funnel;

  /** Version of the funnel's definition. */
  public String version;

  /** Version of the file that was in force when the event arrived. */
  public String definitionsVersion;

  /** {@code session} or {@code visitor}: who takes the steps. */
  public String scope;

  /** From 1. */
  public int step;

  public String stepName;

  /** How many steps the funnel has; 0 where it is not known. */
  public int stepsInAll;

  public String visitorId;

  /** The session of the event. */
  public String sessionId;

  public String eventId;

  /** Epoch ms. */
  public long occurredAt;

  public boolean bot;

  /** Whether both say the same; all that is not compared follows from the id. */
  public boolean sameAs(FunnelStep other) {
    return stepId.equals(other.stepId) && Objects.equals(sessionId, other.sessionId);
  }

  @Override
  public String toString() {
    return "FunnelStep["
        + tenant
        + '/'
        + visitorId
        + ' '
        + funnel
        + ' '
        + step
        + " at "
        + occurredAt
        + ", session "
        + sessionId
        + ']';
  }
}
