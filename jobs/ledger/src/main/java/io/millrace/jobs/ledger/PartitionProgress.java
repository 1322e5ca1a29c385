package io.millrace.jobs.ledger;

/** How far a partition of {@code events.raw} has been read. */
public final class PartitionProgress {
  public int partition;

  /** When the newest record read was appended, epoch ms. */
  public long appendedAt;
}
