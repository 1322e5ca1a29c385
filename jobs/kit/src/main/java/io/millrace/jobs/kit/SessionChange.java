package io.millrace.jobs.kit;

import io.millrace.domain.session.Session;
import org.apache.flink.types.RowKind;

/**
 * One step in the history of {@code lake.sessions}: a row comes, or goes.
 *
 * <p>All steps of one session leave the same subtask in order; a row that goes is given whole, as
 * it was written.
 */
public final class SessionChange {
  /** {@link RowKind#toByteValue()}, as Flink serializes an enum slower. */
  public byte kind;

  public Session session;

  public SessionChange() {}

  public SessionChange(RowKind kind, Session session) {
    this.kind = kind.toByteValue();
    this.session = session;
  }

  public RowKind rowKind() {
    return RowKind.fromByteValue(kind);
  }

  /** Whether the row goes: it was replaced or withdrawn. */
  public boolean takesBack() {
    RowKind rowKind = rowKind();
    return rowKind == RowKind.UPDATE_BEFORE || rowKind == RowKind.DELETE;
  }

  @Override
  public String toString() {
    return rowKind().shortString() + session;
  }
}
