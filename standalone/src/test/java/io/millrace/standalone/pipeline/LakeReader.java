package io.millrace.standalone.pipeline;

import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Reads whole tables of the lake with Iceberg's own reader, which knows nothing of Flink. */
public final class LakeReader {
  private final LakeCatalog lake;

  public LakeReader(LakeCatalog lake) {
    this.lake = lake;
  }

  public List<Record> rows(String table, String... columns) throws IOException {
    return read(table, Expressions.alwaysTrue(), columns);
  }

  /** The rows of each tenant, with the tenant's column and these, or all. */
  public Map<String, List<Record>> byTenant(String table, String... columns) throws IOException {
    return byTenant(table, Expressions.alwaysTrue(), columns);
  }

  public Map<String, List<Record>> byTenant(String table, Expression filter, String... columns)
      throws IOException {
    String[] withTenant = columns;
    if (columns.length > 0) {
      withTenant = Arrays.copyOf(columns, columns.length + 1);
      withTenant[columns.length] = "tenant";
    }
    return read(table, filter, withTenant).stream()
        .collect(Collectors.groupingBy(row -> (String) row.getField("tenant")));
  }

  private List<Record> read(String table, Expression filter, String... columns) throws IOException {
    try (JdbcCatalog catalog = lake.open()) {
      IcebergGenerics.ScanBuilder scan =
          IcebergGenerics.read(catalog.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, table)))
              .where(filter);
      if (columns.length > 0) {
        scan = scan.select(columns);
      }
      List<Record> rows = new ArrayList<>();
      try (CloseableIterable<Record> records = scan.build()) {
        for (Record record : records) {
          rows.add(record.copy());
        }
      }
      return rows;
    }
  }
}
