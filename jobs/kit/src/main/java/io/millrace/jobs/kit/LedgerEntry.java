package io.millrace.jobs.kit;

/** So many records of one minute had this fate: what the ledger adds up. */
public final class LedgerEntry {
  /** {@link #partition} of an entry that says nothing of how far Kafka has been read. */
  public static final int NO_PARTITION = -1;

  public String tenant;

  /** Start of the minute of arrival, epoch ms. */
  public long minute;

  /** Label of a {@code LedgerStage}. */
  public String stage;

  public long records;

  /** Partition of {@code events.raw} from which the records came. */
  public int partition = NO_PARTITION;

  /** When the newest of the records was appended to that partition, epoch ms. */
  public long appendedAt;
}
