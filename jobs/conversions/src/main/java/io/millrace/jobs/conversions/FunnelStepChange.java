package io.millrace.jobs.conversions;

import io.millrace.domain.funnel.FunnelStep;
import org.apache.flink.types.RowKind;

/** One step in the history of {@code lake.funnel_steps}: a row comes, or goes. A Flink POJO. */
public final class FunnelStepChange {
  /** {@link RowKind#toByteValue()}, as Flink serializes an enum slower. */
  public byte kind;

  /** Of a row that goes: whole, as it was written. */
  public FunnelStep step;

  public FunnelStepChange() {}

  FunnelStepChange(RowKind kind, FunnelStep step) {
    this.kind = kind.toByteValue();
    this.step = step;
  }

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }

  boolean takesBack() {
    return rowKind() == RowKind.UPDATE_BEFORE || rowKind() == RowKind.DELETE;
  }

  @Override
  public String toString() {
    return rowKind().shortString() + step;
  }
}
