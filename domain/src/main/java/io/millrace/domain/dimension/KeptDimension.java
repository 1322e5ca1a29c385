package io.millrace.domain.dimension;

/** What has to be remembered of one row to write its history. A Flink POJO. */
public final class KeptDimension {
  /** The row as it is now; null when it was deleted. */
  public DimensionRow row;

  /** Epoch ms: valid from here, or deleted here. */
  public long since;

  public KeptDimension() {}

  KeptDimension(DimensionRow row, long since) {
    this.row = row;
    this.since = since;
  }

  DimensionVersion open() {
    return new DimensionVersion(row, since, null);
  }

  DimensionVersion closedAt(long end) {
    return new DimensionVersion(row, since, end);
  }
}
