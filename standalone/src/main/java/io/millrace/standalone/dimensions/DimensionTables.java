package io.millrace.standalone.dimensions;

import io.millrace.domain.dimension.Dimension;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The tables {@code lake.dim_…} as a whole. */
final class DimensionTables {
  private DimensionTables() {}

  /** The tables that have rows. */
  static List<String> written(LakeCatalog lake) throws IOException {
    List<String> written = new ArrayList<>();
    try (JdbcCatalog catalog = lake.open()) {
      for (Dimension dimension : Dimension.values()) {
        Snapshot snapshot = catalog.loadTable(id(dimension)).currentSnapshot();
        if (snapshot != null && !snapshot.summary().get("total-records").equals("0")) {
          written.add(LakeCatalog.NAMESPACE + '.' + dimension.lakeTable());
        }
      }
    }
    return written;
  }

  /** Empties the tables; their earlier snapshots can still be read, until they expire. */
  static void empty(LakeCatalog lake) throws IOException {
    try (JdbcCatalog catalog = lake.open()) {
      for (Dimension dimension : Dimension.values()) {
        catalog
            .loadTable(id(dimension))
            .newDelete()
            .deleteFromRowFilter(Expressions.alwaysTrue())
            .commit();
      }
    }
  }

  private static TableIdentifier id(Dimension dimension) {
    return TableIdentifier.of(LakeCatalog.NAMESPACE, dimension.lakeTable());
  }
}
