package io.millrace.jobs.ledger;

/** A tenant of whom something arrived lately. A Flink POJO, kept in state. */
public final class SeenTenant {
  public String tenant;

  /** Start of the last minute in which something arrived, epoch ms. */
  public long minute;
}
