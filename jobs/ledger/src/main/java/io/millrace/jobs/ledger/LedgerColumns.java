package io.millrace.jobs.ledger;

import io.millrace.jobs.kit.Columns;

/** {@code lake.ledger}. */
public final class LedgerColumns {
  private LedgerColumns() {}

  public static Columns<LedgerChange> columns() {
    return new Columns<LedgerChange>()
        .kind(LedgerChange::rowKind)
        .text("tenant", c -> c.tenant)
        .identifying()
        .time("minute", c -> c.minute)
        .identifying()
        .text("stage", c -> c.stage)
        .identifying()
        .number("events", c -> c.events)
        .integer("revision", c -> c.revision);
  }
}
