package io.millrace.jobs.ledger;

/** One stage of one minute, as it is and as the lake has it. */
public final class LedgerCount {
  public long events;
  public long written;

  /** 0 until a row has been written. */
  public int revision;
}
