package io.millrace.udfs;

import io.millrace.domain.event.ClockRules;
import io.millrace.domain.event.RefusedException;
import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code event_time(created_at, sent_at, received_at, historical)}: when an event happened, by all
 * clocks; null where the gateway refuses it, and for null but in {@code sent_at}.
 */
public final class EventTimeFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  @DataTypeHint("TIMESTAMP_LTZ(3)")
  public Instant eval(
      @DataTypeHint("TIMESTAMP_LTZ(3)") Instant createdAt,
      @DataTypeHint("TIMESTAMP_LTZ(3)") Instant sentAt,
      @DataTypeHint("TIMESTAMP_LTZ(3)") Instant receivedAt,
      Boolean historical) {
    if (createdAt == null || receivedAt == null || historical == null) {
      return null;
    }
    try {
      return Instant.ofEpochMilli(
          ClockRules.occurredAt(
              createdAt.toEpochMilli(),
              sentAt == null ? null : sentAt.toEpochMilli(),
              receivedAt.toEpochMilli(),
              historical));
    } catch (RefusedException refused) {
      return null; // a time that no event may have is no time
    }
  }
}
