package io.millrace.standalone.backfill;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/** A table that is compared, as it was when the comparison began. */
final class Target {
  final BackfillTable name;
  final Table table;

  /** The snapshot that is compared; null if there is none. */
  final Long base;

  final TableRows rows;

  Target(BackfillTable name, Table table) {
    this.name = name;
    this.table = table;
    Snapshot current = table.currentSnapshot();
    this.base = current == null ? null : current.snapshotId();
    this.rows = TableRows.of(name.table(), table, name.time());
  }

  /** All rows that the comparison speaks of. */
  Expression concerned(Backfill.Request request) {
    return Expressions.and(request.range().of(name.time()), EventScan.ofTenants(request.tenants()));
  }
}
