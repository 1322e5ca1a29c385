package io.millrace.jobs.conversions;

import io.millrace.domain.attribution.Credit;
import org.apache.flink.types.RowKind;

/** One step in the history of {@code lake.attribution}: a row comes, or goes. A Flink POJO. */
public final class CreditChange {
  /** {@link RowKind#toByteValue()}, as Flink serializes an enum slower. */
  public byte kind;

  /** Of a row that goes: whole, as it was written. */
  public Credit credit;

  public CreditChange() {}

  CreditChange(RowKind kind, Credit credit) {
    this.kind = kind.toByteValue();
    this.credit = credit;
  }

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }

  @Override
  public String toString() {
    return rowKind().shortString() + credit;
  }
}
