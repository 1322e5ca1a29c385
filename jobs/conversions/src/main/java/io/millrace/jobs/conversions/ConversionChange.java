package io.millrace.jobs.conversions;

import io.millrace.domain.goal.Conversion;
import org.apache.flink.types.RowKind;

/** One step in the history of {@code lake.conversions}: a row comes, or goes. A Flink POJO. */
public final class ConversionChange {
  /** {@link RowKind#toByteValue()}, as Flink serializes an enum slower. */
  public byte kind;

  /** Of a row that goes: whole, as it was written. */
  public Conversion conversion;

  public ConversionChange() {}

  ConversionChange(RowKind kind, Conversion conversion) {
    this.kind = kind.toByteValue();
    this.conversion = conversion;
  }

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }

  @Override
  public String toString() {
    return rowKind().shortString() + conversion;
  }
}
