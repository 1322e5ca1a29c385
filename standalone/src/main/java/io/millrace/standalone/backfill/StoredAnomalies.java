package io.millrace.standalone.backfill;

import io.millrace.jobs.anomalies.HotAnomalies;
import io.millrace.jobs.anomalies.VerdictRow;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** What the lake says was news of the watched series, as the hot store shows it. */
final class StoredAnomalies {
  private StoredAnomalies() {}

  /**
   * @param now epoch ms
   * @param tenants none means all
   */
  static List<HotWrite> writes(Catalog open, long now, Set<String> tenants) throws IOException {
    Table table = open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "anomalies"));
    TimeRange kept = new TimeRange(now - HotAnomalies.KEPT_MILLIS, Long.MAX_VALUE / 1_000);
    HotAnomalies hot = new HotAnomalies();
    List<HotWrite> writes = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(Expressions.and(kept.of("window_start"), EventScan.ofTenants(tenants)))
            .build()) {
      for (Record row : rows) {
        writes.add(hot.map(verdict(row)));
      }
    }
    return writes;
  }

  private static VerdictRow verdict(Record row) {
    VerdictRow verdict = new VerdictRow();
    verdict.tenant = (String) row.getField("tenant");
    verdict.series = (String) row.getField("series");
    verdict.metric = (String) row.getField("metric");
    verdict.grouping = (String) row.getField("grouping");
    verdict.value = (String) row.getField("value");
    verdict.windowStart = EventScan.millis(row, "window_start");
    verdict.windowEnd = EventScan.millis(row, "window_end");
    verdict.actual = number(row, "actual");
    verdict.expected = number(row, "expected");
    verdict.lower = number(row, "lower");
    verdict.upper = number(row, "upper");
    verdict.score = number(row, "score");
    verdict.severity = (String) row.getField("severity");
    verdict.state = (String) row.getField("state");
    verdict.explanation = (String) row.getField("explanation");
    verdict.segments = (String) row.getField("segments");
    verdict.fault = (String) row.getField("fault");
    verdict.modelVersion = (String) row.getField("model_version");
    verdict.history = (long) row.getField("history");
    verdict.revision = (int) row.getField("revision");
    return verdict;
  }

  /** NaN where there was no value. */
  private static double number(Record row, String column) {
    BigDecimal number = (BigDecimal) row.getField(column);
    return number == null ? Double.NaN : number.doubleValue();
  }
}
