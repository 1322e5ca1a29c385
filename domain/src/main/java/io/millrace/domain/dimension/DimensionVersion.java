package io.millrace.domain.dimension;

import java.util.Objects;

/**
 * A row and the time in which it was valid; a row of {@code lake.dim_…}. A Flink POJO: fields are
 * public, and set once.
 */
public final class DimensionVersion {
  public DimensionRow row;

  /** Epoch ms, inclusive. */
  public long validFrom;

  /** Epoch ms, exclusive; null while it is valid. */
  public Long validTo;

  public DimensionVersion() {}

  public DimensionVersion(DimensionRow row, long validFrom, Long validTo) {
    this.row = row;
    this.validFrom = validFrom;
    this.validTo = validTo;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DimensionVersion version
        && row.equals(version.row)
        && validFrom == version.validFrom
        && Objects.equals(validTo, version.validTo);
  }

  @Override
  public int hashCode() {
    return Objects.hash(row, validFrom);
  }

  @Override
  public String toString() {
    return row + " [" + validFrom + ", " + (validTo == null ? "" : validTo) + ')';
  }
}
