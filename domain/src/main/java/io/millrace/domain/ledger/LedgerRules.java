package io.millrace.domain.ledger;

import java.time.Duration;

/** To which minute a record belongs, and when that minute is complete. */
public final class LedgerRules {
  public static final long MINUTE_MS = 60_000;

  /**
   * How long after a minute's end its records may still come into Kafka without restating it: the
   * gateway stamps a record before Kafka has it.
   */
  public static final Duration GRACE = Duration.ofSeconds(5);

  /** How long a minute may still be restated; Kafka keeps no record longer. */
  public static final Duration KEPT = Duration.ofDays(7);

  /**
   * The tenant of records that name none: heartbeats, and what could not be read. No tenant has it.
   */
  public static final String NO_TENANT = "-";

  private LedgerRules() {}

  /** Start of the minute in which something arrived; epoch ms. */
  public static long minute(long receivedAtMs) {
    return Math.floorDiv(receivedAtMs, MINUTE_MS) * MINUTE_MS;
  }

  /**
   * When a minute is complete: all Kafka partitions have been read up to this time of append; epoch
   * ms.
   */
  public static long completeAt(long minute) {
    return minute + MINUTE_MS + GRACE.toMillis();
  }

  /**
   * Up to when everything is complete: the end of the last minute that is; epoch ms.
   *
   * @param readTo how far all Kafka partitions have been read, by time of append; epoch ms
   */
  public static long completeUpTo(long readTo) {
    return minute(readTo - GRACE.toMillis());
  }
}
