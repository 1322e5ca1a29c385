package io.millrace.domain.goal;

import java.util.Objects;

/**
 * An event that reached a goal; a row of {@code lake.conversions}. A Flink POJO: fields are public,
 * and set once.
 */
public final class Conversion {
  public String tenant;
  public String conversionId;
  public String goal;

  /** Version of the goal's definition by which the event counts. */
  public String version;

  /** Version of the file that was in force when the event arrived. */
  public String definitionsVersion;

  public String visitorId;
  public String sessionId;
  public String eventId;

  /** Epoch ms. */
  public long occurredAt;

  public long revenueCents;

  /** Null where the event names none. */
  public String currency;

  public boolean bot;

  /** Whether both say the same of the same conversion; all but the session follows from its id. */
  public boolean sameAs(Conversion other) {
    return conversionId.equals(other.conversionId) && Objects.equals(sessionId, other.sessionId);
  }

  @Override
  public String toString() {
    return "Conversion["
        + tenant
        + '/'
        + visitorId
        + '/'
        + eventId
        + ' '
        + goal
        + " at "
        + occurredAt
        + ", session "
        + sessionId
        + ']';
  }
}
