package io.millrace.jobs.enrich;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.DeadLetter;

/**
 * One record of {@code events.raw}, read: an event, a dead letter, or a heartbeat, which has
 * neither.
 */
public final class RawRecord {
  public Event event;
  public DeadLetter deadLetter;

  /** What the record says of the time, epoch ms; {@code Long.MIN_VALUE} when nothing. */
  public long eventTime;

  /** Partition of {@code events.raw}. */
  public int partition;

  /** When the partition got the record, epoch ms. */
  public long appendedAt;
}
