package io.millrace.jobs.ledger;

/** All that had arrived of a tenant by then is in the lake and in the hot store. A Flink POJO. */
public final class CompleteUpTo {
  public String tenant;

  /** End of the last complete minute, epoch ms. */
  public long at;

  public CompleteUpTo() {}

  public CompleteUpTo(String tenant, long at) {
    this.tenant = tenant;
    this.at = at;
  }

  @Override
  public String toString() {
    return tenant + " complete up to " + at;
  }
}
