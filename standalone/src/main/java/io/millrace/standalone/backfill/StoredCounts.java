package io.millrace.standalone.backfill;

import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.hot.HotKeys;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.conversions.HotConversions;
import io.millrace.jobs.conversions.HotCount;
import io.millrace.jobs.conversions.HotCounts;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * How often the lake says that goals and steps of funnels were reached, minute by minute, and the
 * latest conversions: what the hot store has to show.
 */
public final class StoredCounts {
  /**
   * How long after a change of a hot count the lake surely has the row that it comes from: rows
   * wait for the visitor to be quiet, and then for a commit.
   */
  private static final Duration STORED_WITHIN =
      ConversionOptions.DEFAULT.patience().plus(Duration.ofMinutes(1));

  private static final Comparator<Conversion> BY_TIME =
      Comparator.<Conversion>comparingLong(row -> row.occurredAt)
          .thenComparing(row -> row.conversionId);

  private final Map<String, HotCount> counts = new TreeMap<>();
  private final Map<String, PriorityQueue<Conversion>> latest = new TreeMap<>();
  private final List<Conversion> gone = new ArrayList<>();

  /** Of the counts of the table that is being read: what the platform changed later is newer. */
  private long version;

  private StoredCounts() {}

  /**
   * @param tenants none means all
   */
  public static StoredCounts read(Catalog open, TimeRange range, Set<String> tenants)
      throws IOException {
    StoredCounts stored = new StoredCounts();
    stored.read(open, "conversions", range, tenants, row -> stored.add(conversion(row)));
    stored.read(open, "funnel_steps", range, tenants, row -> stored.add(HotCount.of(step(row), 1)));
    return stored;
  }

  private void read(
      Catalog open,
      String name,
      TimeRange range,
      Set<String> tenants,
      Consumer<UnaryOperator<String>> row)
      throws IOException {
    Table table = open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, name));
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return;
    }
    version = snapshot.timestampMillis() - STORED_WITHIN.toMillis();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshot.snapshotId())
            .where(Expressions.and(range.of("occurred_at"), EventScan.ofTenants(tenants)))
            .build()) {
      for (Record record : rows) {
        row.accept(column -> TableRows.plain(record.getField(column)));
      }
    }
  }

  private void add(Conversion conversion) {
    add(HotCount.of(conversion));
    PriorityQueue<Conversion> kept =
        latest.computeIfAbsent(conversion.tenant, tenant -> new PriorityQueue<>(BY_TIME));
    kept.add(conversion);
    if (kept.size() > HotKeys.LATEST_CONVERSIONS) {
      kept.remove();
    }
  }

  private void add(HotCount count) {
    HotCount sum = counts.get(count.key());
    if (sum == null) {
      count.changes = version;
      counts.put(count.key(), count);
    } else {
      sum.add(count);
    }
  }

  public Collection<HotCount> counts() {
    return counts.values();
  }

  /**
   * Counts that somebody has changed in the lake: they replace whatever is shown, and those of
   * which the lake has no row any more become 0.
   *
   * @param conversions that are no more
   * @param now epoch ms
   */
  void mended(List<HotCount> changed, List<Conversion> conversions, long now) {
    for (HotCount count : changed) {
      count.reached = 0;
      count.revenueCents = 0;
      counts.computeIfAbsent(count.key(), key -> count).changes = now;
    }
    gone.addAll(conversions);
  }

  List<HotWrite> writes() throws IOException {
    List<HotWrite> writes = new ArrayList<>();
    HotCounts hotCounts = new HotCounts();
    for (HotCount count : counts.values()) {
      writes.add(hotCounts.map(count));
    }
    HotConversions hotConversions = new HotConversions();
    for (Conversion conversion : gone) {
      HotWrite write = hotConversions.map(conversion);
      write.value = null;
      writes.add(write);
    }
    for (PriorityQueue<Conversion> kept : latest.values()) {
      for (Conversion conversion : kept) {
        writes.add(hotConversions.map(conversion));
      }
    }
    return writes;
  }

  static Conversion conversion(TableRows rows, RowData row) {
    return conversion(column -> TableRows.plain(rows.value(row, column)));
  }

  static FunnelStep step(TableRows rows, RowData row) {
    return step(column -> TableRows.plain(rows.value(row, column)));
  }

  private static Conversion conversion(UnaryOperator<String> row) {
    Conversion conversion = new Conversion();
    conversion.tenant = row.apply("tenant");
    conversion.conversionId = row.apply("conversion_id");
    conversion.goal = row.apply("goal");
    conversion.version = row.apply("version");
    conversion.definitionsVersion = row.apply("definitions_version");
    conversion.visitorId = row.apply("visitor_id");
    conversion.sessionId = row.apply("session_id");
    conversion.eventId = row.apply("event_id");
    conversion.occurredAt = Instant.parse(row.apply("occurred_at")).toEpochMilli();
    conversion.revenueCents = Long.parseLong(row.apply("revenue_cents"));
    conversion.currency = row.apply("currency");
    conversion.bot = Boolean.parseBoolean(row.apply("bot"));
    return conversion;
  }

  private static FunnelStep step(UnaryOperator<String> row) {
    FunnelStep step = new FunnelStep();
    step.tenant = row.apply("tenant");
    step.stepId = row.apply("step_id");
    step.funnel = row.apply("funnel");
    step.version = row.apply("version");
    step.definitionsVersion = row.apply("definitions_version");
    step.scope = row.apply("scope");
    step.step = Integer.parseInt(row.apply("step"));
    step.stepName = row.apply("step_name");
    step.visitorId = row.apply("visitor_id");
    step.sessionId = row.apply("session_id");
    step.eventId = row.apply("event_id");
    step.occurredAt = Instant.parse(row.apply("occurred_at")).toEpochMilli();
    step.bot = Boolean.parseBoolean(row.apply("bot"));
    return step;
  }
}
