package io.millrace.jobs.ledger;

import org.apache.flink.types.RowKind;

/** A step in the history of a row of {@code lake.ledger}. */
public final class LedgerChange {
  /** {@link RowKind#toByteValue()}; of a row that goes only the identifying fields are set. */
  public byte kind;

  public String tenant;

  /** Start of the minute of arrival, epoch ms. */
  public long minute;

  public String stage;
  public long events;
  public int revision;

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }
}
