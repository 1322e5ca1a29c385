package io.millrace.domain.event;

import com.google.common.math.LongMath;

/**
 * Decides when an event happened, from the client's clock, the moment the batch was sent by that
 * clock, and the gateway's clock.
 */
public final class ClockRules {
  /** 9999-12-31T23:59:59.999Z: every table and every engine can hold times up to here. */
  private static final long MAX_TIME = 253_402_300_799_999L;

  private ClockRules() {}

  /**
   * The event time, all times in epoch ms.
   *
   * @param sentAt null when the batch does not say; then the client's clock counts as right
   * @param historical whether the client's time is taken as it is (imports)
   * @throws RefusedException when the time is at or before the epoch, or more than 24 h ahead
   */
  public static long occurredAt(long createdAt, Long sentAt, long receivedAt, boolean historical)
      throws RefusedException {
    if (createdAt <= 0) {
      throw new RefusedException(
          Refusal.INVALID_TIMESTAMP,
          "timestamp is " + createdAt + "; give epoch milliseconds above 0",
          null);
    }
    if (createdAt > MAX_TIME) {
      throw new RefusedException(
          Refusal.TIMESTAMP_IN_FUTURE,
          "timestamp is "
              + createdAt
              + ", after the year 9999; give epoch milliseconds, not micro- or nanoseconds",
          null);
    }

    long occurredAt = createdAt;
    if (!historical && isSkewed(sentAt, receivedAt)) {
      occurredAt = LongMath.saturatedSubtract(receivedAt, sentAt - createdAt);
    }
    if (occurredAt <= 0) {
      throw new RefusedException(
          Refusal.INVALID_TIMESTAMP,
          "timestamp is "
              + createdAt
              + ", which by sentAt "
              + sentAt
              + " lies before 1970; give epoch milliseconds above 0",
          null);
    }
    long ahead = occurredAt - receivedAt;
    if (ahead > Limits.MAX_CLAMPED_AHEAD.toMillis()) {
      throw new RefusedException(
          Refusal.TIMESTAMP_IN_FUTURE,
          "timestamp is "
              + createdAt
              + ", "
              + ahead
              + " ms ahead of its arrival; at most "
              + Limits.MAX_CLAMPED_AHEAD.toMillis()
              + " ms (24 h) are allowed",
          null);
    }
    return historical ? occurredAt : Math.min(occurredAt, receivedAt + Limits.MAX_AHEAD.toMillis());
  }

  private static boolean isSkewed(Long sentAt, long receivedAt) {
    return sentAt != null
        && sentAt > 0
        && Math.abs(receivedAt - sentAt) > Limits.MAX_TRUSTED_SKEW.toMillis();
  }
}
