package io.millrace.standalone.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.hot.HotWindow;
import io.millrace.standalone.audit.HotComparison.Difference;
import io.millrace.standalone.backfill.TimeRange;
import io.millrace.standalone.server.PortBook;
import io.millrace.standalone.server.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotComparisonITCase {
  private static final long WINDOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
  private static final TimeRange RANGE =
      new TimeRange(WINDOW, WINDOW + Duration.ofHours(3).toMillis());
  private static final String PAGES = HotKeys.metrics("shop", "page", HotWindow.QUARTER, WINDOW);
  private static final String TOP = HotKeys.top("shop", "page", HotWindow.QUARTER, WINDOW, false);
  private static final List<String> MEASURES =
      List.of(
          "events",
          "page_views",
          "clicks",
          "visitors",
          "sessions",
          "bounces",
          "session_seconds",
          "engagement_ms",
          "conversions",
          "revenue_cents");

  @TempDir Path folder;
  private RedisServer server;
  private RedisClient client;
  private RedisCommands<String, String> redis;
  private InMemoryCatalog catalog;
  private Table table;
  private final List<Record> rows = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server =
        RedisServer.start(
            folder.resolve("redis"), new PortBook(folder.resolve("ports.properties")), 0);
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
    catalog = new InMemoryCatalog();
    catalog.initialize("test", Map.of());
    catalog.createNamespace(Namespace.of("lake"));
    List<Types.NestedField> columns = new ArrayList<>();
    columns.add(Types.NestedField.optional(1, "tenant", Types.StringType.get()));
    columns.add(Types.NestedField.optional(2, "grouping", Types.StringType.get()));
    columns.add(Types.NestedField.optional(3, "value", Types.StringType.get()));
    columns.add(Types.NestedField.optional(4, "bot", Types.BooleanType.get()));
    columns.add(Types.NestedField.required(5, "window_start", Types.TimestampType.withZone()));
    for (String measure : MEASURES) {
      columns.add(Types.NestedField.optional(columns.size() + 1, measure, Types.LongType.get()));
    }
    table = catalog.createTable(TableIdentifier.of("lake", "metrics_15m"), new Schema(columns));
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    server.close();
    catalog.close();
  }

  @Test
  void findsWhatIsOtherwiseMissingOrTooMuch() throws Exception {
    both("/same", 3);
    stored("/otherwise", 4);
    shown("/otherwise", 5);
    stored("/missing", 2);
    shown("/too-much", 1);
    shown("/taken-back", 0);
    write();

    Map<String, Difference> found = compare(Set.of());

    assertThat(found)
        .containsOnlyKeys(
            PAGES + " human:/otherwise", PAGES + " human:/missing", PAGES + " human:/too-much");
    assertThat(found.get(PAGES + " human:/otherwise").hot()).startsWith("events 5, page_views 0, ");
    assertThat(found.get(PAGES + " human:/otherwise").lake())
        .startsWith("events 4, page_views 0, ");
    assertThat(found.get(PAGES + " human:/missing").hot()).isEqualTo("nothing");
    assertThat(found.get(PAGES + " human:/too-much").lake()).isEqualTo("nothing");
    assertThat(compare(Set.of("other"))).isEmpty();
  }

  @Test
  void aFullListMayLeaveOutWhatHasNoMoreEventsThanItsLast() throws Exception {
    for (int i = 0; i < HotWindow.QUARTER.listed(); i++) {
      both("/p" + i, 5);
    }
    stored("/as-many", 5);
    stored("/fewer", 1);
    stored("/more", 6);
    write();

    assertThat(compare(Set.of())).containsOnlyKeys(PAGES + " human:/more");

    redis.zrem(TOP, "human:/p7");
    assertThat(compare(Set.of()))
        .as("a list that is not full leaves out nothing")
        .containsOnlyKeys(
            PAGES + " human:/as-many", PAGES + " human:/fewer", PAGES + " human:/more");
  }

  @Test
  void looksAtWhatIsOverAndNotAboutToExpire() {
    long now = WINDOW + Duration.ofHours(48).toMillis() + 1;

    TimeRange range = HotComparison.comparable(now, now - Duration.ofMinutes(50).toMillis());

    assertThat(range)
        .isEqualTo(
            new TimeRange(
                WINDOW + Duration.ofHours(1).toMillis(), WINDOW + Duration.ofHours(47).toMillis()));
    assertThat(HotComparison.comparable(now, WINDOW)).isNull();
  }

  private Map<String, Difference> compare(Set<String> tenants) throws Exception {
    return new HotComparison(catalog, redis, tenants, RANGE).metrics();
  }

  private void both(String page, long events) {
    stored(page, events);
    shown(page, events);
  }

  private void stored(String page, long events) {
    Record row = GenericRecord.create(table.schema());
    row.setField("tenant", "shop");
    row.setField("grouping", "page");
    row.setField("value", page);
    row.setField("bot", false);
    row.setField("window_start", Instant.ofEpochMilli(WINDOW).atOffset(ZoneOffset.UTC));
    MEASURES.forEach(measure -> row.setField(measure, 0L));
    row.setField("events", events);
    rows.add(row);
  }

  private void shown(String page, long events) {
    redis.hset(PAGES, "human:" + page, "1 {\"events\":" + events + "}");
    redis.zadd(TOP, events, "human:" + page);
  }

  private void write() throws Exception {
    DataWriter<Record> writer =
        new GenericAppenderFactory(table.schema(), table.spec())
            .newDataWriter(
                OutputFileFactory.builderFor(table, 1, 1)
                    .format(FileFormat.PARQUET)
                    .build()
                    .newOutputFile(),
                FileFormat.PARQUET,
                null);
    try (writer) {
      writer.write(rows);
    }
    table.newAppend().appendFile(writer.toDataFile()).commit();
  }
}
