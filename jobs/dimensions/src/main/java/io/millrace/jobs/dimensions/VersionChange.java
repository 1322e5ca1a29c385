package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionVersion;
import org.apache.flink.types.RowKind;

/** One step in the history of a table {@code lake.dim_…}: a row comes, or goes. A Flink POJO. */
public final class VersionChange {
  public Dimension dimension;

  /** {@link RowKind#toByteValue()}, as Flink serializes an enum slower. */
  public byte kind;

  /** Of a row that goes: whole, as it was written. */
  public DimensionVersion version;

  public VersionChange() {}

  VersionChange(Dimension dimension, RowKind kind, DimensionVersion version) {
    this.dimension = dimension;
    this.kind = kind.toByteValue();
    this.version = version;
  }

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }

  @Override
  public String toString() {
    return rowKind().shortString() + dimension.sourceTable() + ' ' + version;
  }
}
