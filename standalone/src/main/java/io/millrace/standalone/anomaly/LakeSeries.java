package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.SegmentValues;
import io.millrace.domain.anomaly.WatchedMetric;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ByteBuffers;

/** A series of one segment as {@code lake.metrics_15m} has it, without bots. */
public final class LakeSeries {
  private static final String TABLE = "metrics_15m";

  private LakeSeries() {}

  /**
   * All windows from the first in which something happened up to a time; those in which nothing did
   * are 0.
   *
   * @param toMillis exclusive; windows that end later are left out
   */
  public static List<Point> read(
      Catalog open,
      String tenant,
      String grouping,
      String value,
      WatchedMetric metric,
      Grain grain,
      long toMillis)
      throws IOException {
    Map<Long, float[]> windows = windows(open, tenant, grouping, value, grain, toMillis);
    List<Point> points = new ArrayList<>();
    if (windows.isEmpty()) {
      return points;
    }
    long first = windows.keySet().iterator().next();
    float[] nothing = new float[SegmentValues.WIDTH];
    for (long start = first; start + grain.millis() <= toMillis; start += grain.millis()) {
      points.add(new Point(start, metric.of(windows.getOrDefault(start, nothing))));
    }
    return points;
  }

  private static Map<Long, float[]> windows(
      Catalog open, String tenant, String grouping, String value, Grain grain, long toMillis)
      throws IOException {
    Map<Long, float[]> windows = new TreeMap<>();
    Table table = open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, TABLE));
    if (table.currentSnapshot() == null) {
      return windows;
    }
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(
                Expressions.and(
                    Expressions.equal("tenant", tenant),
                    Expressions.equal("grouping", grouping),
                    Expressions.equal("value", value),
                    Expressions.equal("bot", false)))
            .build()) {
      for (Record row : rows) {
        long quarter = ((OffsetDateTime) row.getField("window_start")).toInstant().toEpochMilli();
        if (quarter < toMillis) {
          long start = MetricRules.windowStart(quarter, grain.millis());
          add(windows.computeIfAbsent(start, at -> new float[SegmentValues.WIDTH]), row);
        }
      }
    }
    return windows;
  }

  private static void add(float[] window, Record row) {
    Measures sums = new Measures();
    sums.events = number(row, "events");
    sums.pageViews = number(row, "page_views");
    sums.clicks = number(row, "clicks");
    sums.sessions = number(row, "sessions");
    sums.bounces = number(row, "bounces");
    sums.conversions = number(row, "conversions");
    sums.revenueCents = number(row, "revenue_cents");
    Object sketch = row.getField("visitors_sketch");
    if (sketch != null) {
      sums.visitors = ByteBuffers.toByteArray((ByteBuffer) sketch);
    }
    float[] values = SegmentValues.of(sums);
    for (int i = 0; i < values.length; i++) {
      window[i] += values[i];
    }
  }

  private static long number(Record row, String column) {
    Object value = row.getField(column);
    return value == null ? 0 : ((Number) value).longValue();
  }
}
