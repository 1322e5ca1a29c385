package io.millrace.jobs.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionVersion;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job on a real Postgres: what the connector tells, and what becomes of it. */
class DimensionsITCase {
  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Versions by dimension, tenant, id and start, as a table with that key would hold them. */
  private static final Map<String, DimensionVersion> TABLE =
      Collections.synchronizedMap(new TreeMap<>());

  /** What a table would not have understood. */
  private static final List<String> BROKEN = Collections.synchronizedList(new ArrayList<>());

  @TempDir Path folder;

  private EmbeddedPostgres postgres;
  private JobClient job;

  @BeforeEach
  void start() throws Exception {
    TABLE.clear();
    BROKEN.clear();
    postgres = postgres(0);
    try (InputStream sql = getClass().getResourceAsStream("/millrace/dimensions/shop.sql")) {
      execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (job != null && !job.getJobStatus().get().isGloballyTerminalState()) {
      job.cancel().get();
      await().atMost(PATIENCE).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);
    }
    postgres.close();
    assertThat(BROKEN).isEmpty();
  }

  @Test
  void followsEveryKindOfChangeOverAStopAndAColumnThatIsAdded() throws Exception {
    String longTitle = "long ".repeat(2_000);
    execute(
        """
        INSERT INTO shop.links (tenant, id, title, url, created_at, updated_at) VALUES
          ('t', 'a', 'A', 'https://a.example/', '2026-01-01', '2026-02-01T10:00:00.5Z'),
          ('t', 'b', 'B', null, '2026-01-01', null);
        INSERT INTO shop.owners (tenant, id, name, plan) VALUES ('t', 'o', 'Olga', 'free');
        -- stored apart and uncompressed, so that an update that leaves it alone does not tell it
        ALTER TABLE shop.products ALTER COLUMN title SET STORAGE EXTERNAL;
        INSERT INTO shop.products (tenant, id, title, price_cents) VALUES ('t', 'p', '%s', 100);
        """
            .formatted(longTitle));

    job = startJob(null);
    awaitVersions(4);
    assertThat(versions(Dimension.LINKS, "a"))
        .extracting(v -> Instant.ofEpochMilli(v.validFrom))
        .containsExactly(Instant.parse("2026-02-01T10:00:00.500Z"));
    assertThat(versions(Dimension.LINKS, "b"))
        .extracting(v -> Instant.ofEpochMilli(v.validFrom))
        .containsExactly(Instant.parse("2026-01-01T00:00:00Z"));

    execute("UPDATE shop.links SET title = 'A2' WHERE id = 'a'");
    execute("UPDATE shop.products SET price_cents = 200 WHERE id = 'p'");
    execute("DELETE FROM shop.links WHERE id = 'b'");
    execute(
        "BEGIN; UPDATE shop.owners SET plan = 'x'; UPDATE shop.owners SET plan = 'pro'; COMMIT");
    execute("UPDATE shop.links SET title = 'A2' WHERE id = 'a'");
    awaitVersions(7);

    String savepoint = stopWithSavepoint();
    execute("ALTER TABLE shop.links ADD COLUMN position int, ADD COLUMN expires_at timestamptz");
    execute("INSERT INTO shop.links (tenant, id, title, position) VALUES ('t', 'c', 'C', 3)");
    execute("UPDATE shop.links SET id = 'a9' WHERE id = 'a'");
    job = startJob(savepoint);
    awaitVersions(9);
    execute("ALTER TABLE shop.products ADD COLUMN stock int; UPDATE shop.products SET stock = 7");
    awaitVersions(10);

    assertThat(titles(versions(Dimension.LINKS, "a"))).containsExactly("A", "A2");
    assertThat(versions(Dimension.LINKS, "a").get(1).validTo)
        .isEqualTo(versions(Dimension.LINKS, "a9").get(0).validFrom);
    assertThat(versions(Dimension.LINKS, "b").get(0).validTo).isNotNull();
    assertThat(versions(Dimension.LINKS, "c").get(0).row.attributes)
        .isEqualTo("{\"expires_at\":null,\"position\":3}");
    assertThat(versions(Dimension.OWNERS, "o"))
        .extracting(v -> v.row.plan)
        .containsExactly("free", "pro");
    List<DimensionVersion> product = versions(Dimension.PRODUCTS, "p");
    assertThat(titles(product)).containsExactly(longTitle, longTitle, longTitle);
    assertThat(product).extracting(v -> v.row.priceCents).containsExactly(100L, 200L, 200L);
    assertThat(product.get(2).row.attributes).isEqualTo("{\"stock\":7}");
    for (int i = 1; i < product.size(); i++) {
      assertThat(product.get(i - 1).validTo).isEqualTo(product.get(i).validFrom);
    }
    assertThat(product.get(2).validTo).isNull();
  }

  @Test
  void keepsWhatItHasNoFieldForAsAttributesOfAnyTypeWhetherFoundOrWritten() throws Exception {
    execute(
        """
        ALTER TABLE shop.products
          ALTER price_cents TYPE numeric(8,2),
          ADD meta jsonb, ADD score numeric(6,2), ADD day date, ADD tags text[],
          ADD seen timestamp, ADD raw bytea, ADD sold boolean, ADD plan text
        """);
    String insert =
        """
        INSERT INTO shop.products
          (tenant, id, title, price_cents, meta, score, day, tags, seen, raw, sold, plan)
        VALUES ('t', '%s', 'P', 12.5, '{"a": 1}', 12.5, '2026-03-04', '{x,y}',
          '2026-03-04 05:06:07.008', '\\x0102', true, 'not known of products')
        """;
    execute(insert.formatted("found"));

    job = startJob(null);
    awaitVersions(1);
    execute(insert.formatted("written"));
    awaitVersions(2);

    for (String id : List.of("found", "written")) {
      assertThat(versions(Dimension.PRODUCTS, id).get(0).row.attributes)
          .isEqualTo(
              "{\"day\":\"2026-03-04\",\"meta\":\"{\\\"a\\\": 1}\","
                  + "\"plan\":\"not known of products\",\"price_cents\":\"12.50\","
                  + "\"raw\":\"AQI=\",\"score\":\"12.50\","
                  + "\"seen\":\"2026-03-04T05:06:07.008\",\"sold\":true,"
                  + "\"tags\":[\"x\",\"y\"]}");
    }
  }

  @Test
  void letsTheServerForgetItsLogWhileNothingChangesInTheFollowedTables() throws Exception {
    execute("INSERT INTO shop.links (tenant, id, title) VALUES ('t', 'a', 'A')");
    job = startJob(null);
    awaitVersions(1);
    execute("CREATE TABLE shop.other (n int)");
    execute("INSERT INTO shop.other SELECT generate_series(1, 50000)");
    long written = number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number(
                        "SELECT pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint FROM"
                            + " pg_replication_slots WHERE slot_name = 'millrace_dimensions'")
                    >= written);
  }

  @Test
  void goesOnByItselfWhenPostgresComesBack() throws Exception {
    execute("INSERT INTO shop.links (tenant, id, title) VALUES ('t', 'a', 'A')");
    job = startJob(null);
    awaitVersions(1);
    int port = postgres.getPort();
    awaitCheckpoint(); // so that nothing is written again

    postgres.close();
    await()
        .atMost(PATIENCE)
        .until(() -> job.getJobStatus().get() == JobStatus.RESTARTING || !isRunning());
    postgres = postgres(port);
    execute("UPDATE shop.links SET title = 'A2'");

    awaitVersions(2);
    assertThat(titles(versions(Dimension.LINKS, "a"))).containsExactly("A", "A2");
  }

  @Test
  void goesOnByItselfWhenPostgresGoesAwayAgainAndAgainWhileTablesAreRead() throws Exception {
    execute("INSERT INTO shop.products (tenant, id, title) VALUES ('t', 'a', 'A')");
    int port = postgres.getPort();
    for (int i = 0; i < 3; i++) {
      Connection holds = postgres.getPostgresDatabase().getConnection();
      holds.setAutoCommit(false);
      holds.createStatement().execute("LOCK TABLE shop.products IN ACCESS EXCLUSIVE MODE");
      if (job == null) {
        job = startJob(null);
      }
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  number(
                          "SELECT count(*) FROM pg_locks WHERE relation ="
                              + " 'shop.products'::regclass AND NOT granted")
                      > 0);
      postgres.close();
      postgres = postgres(port);
    }

    awaitVersions(1);
  }

  /** Waits until a checkpoint is complete that began after this call. */
  private void awaitCheckpoint() throws Exception {
    long now = lastCheckpoint();
    await().atMost(PATIENCE).until(() -> lastCheckpoint() >= now + 2);
  }

  private long lastCheckpoint() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("chk"))) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .map(file -> file.getParent().getFileName().toString().substring("chk-".length()))
          .mapToLong(Long::parseLong)
          .max()
          .orElse(0);
    }
  }

  @Test
  void dropsTheSlotsThatABrokenConnectionLeftBehindOnceTheTablesAreRead() throws Exception {
    String leftOver = "SELECT count(*) FROM pg_replication_slots WHERE slot_name ~ '_[0-9]+$'";
    execute("SELECT pg_create_logical_replication_slot('millrace_dimensions_7', 'pgoutput')");
    execute("INSERT INTO shop.links (tenant, id, title) VALUES ('t', 'a', 'A')");
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      assertThat(ReplicationSlot.read(connection)).isEmpty();
      assertThat(ReplicationSlot.dropLeftovers(connection)).isZero();

      job = startJob(null);
      await().atMost(PATIENCE).until(() -> ReplicationSlot.dropLeftovers(connection) == 1);

      assertThat(number(leftOver)).isZero();
      ReplicationSlot slot = ReplicationSlot.read(connection).orElseThrow();
      assertThat(slot.walStatus()).isEqualTo("reserved");
      assertThat(slot.retainedBytes()).isPositive();
      assertThat(slot.isLost()).isFalse();
    }
  }

  @Test
  void saysWhatIsInTheWayOfFollowingADatabase() throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      assertThat(SourceCheck.problems(connection, "shop")).isEmpty();

      execute("ALTER TABLE shop.links DROP CONSTRAINT links_pkey, ADD PRIMARY KEY (id)");
      execute("ALTER TABLE shop.owners REPLICA IDENTITY NOTHING");
      execute("ALTER PUBLICATION millrace_dimensions DROP TABLE shop.millrace_heartbeat");
      assertThat(SourceCheck.problems(connection, "shop"))
          .containsExactly(
              "publication millrace_dimensions does not hold shop.millrace_heartbeat; make both,"
                  + " as shop.sql does",
              "table shop.links has the primary key [id]; it must be (tenant, id)",
              "table shop.owners has replica identity NOTHING; it must be DEFAULT, or FULL");

      execute("ALTER PUBLICATION millrace_dimensions DROP TABLE shop.profiles");
      assertThat(SourceCheck.problems(connection, "shop"))
          .contains("publication millrace_dimensions does not hold table shop.profiles; add it");
      assertThat(SourceCheck.problems(connection, "public"))
          .contains("schema public has none of the tables links, products, profiles and owners");
    }
  }

  private boolean isRunning() throws Exception {
    return job.getJobStatus().get() == JobStatus.RUNNING;
  }

  private JobClient startJob(String savepoint) throws Exception {
    Configuration config = new Configuration();
    config.set(PipelineOptions.GENERIC_TYPES, false);
    config.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
    config.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("chk").toUri().toString());
    config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(500));
    if (savepoint != null) {
      config.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    DimensionSource source =
        new DimensionSource(
            "127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", "shop");
    for (Map.Entry<Dimension, DataStream<VersionChange>> table :
        DimensionsJob.define(DimensionsJob.source(env, source, Duration.ofMillis(500)))
            .entrySet()) {
      table.getValue().sinkTo(new TableSink()).uid("test/" + table.getKey());
    }
    return env.executeAsync("dimensions");
  }

  private String stopWithSavepoint() throws Exception {
    String savepoint =
        job.stopWithSavepoint(
                false,
                URI.create(folder.toUri() + "savepoints").toString(),
                SavepointFormatType.CANONICAL)
            .get();
    await().atMost(PATIENCE).until(() -> job.getJobStatus().get().isGloballyTerminalState());
    return savepoint;
  }

  private static void awaitVersions(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(List.copyOf(TABLE.values())).hasSize(count));
  }

  private static List<DimensionVersion> versions(Dimension dimension, String id) {
    String prefix = dimension + "/t/" + id + "/";
    return List.copyOf(TABLE.entrySet()).stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<String> titles(List<DimensionVersion> versions) {
    return versions.stream().map(v -> v.row.title).toList();
  }

  private EmbeddedPostgres postgres(int port) throws Exception {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(folder.resolve("postgres"))
        .setCleanDataDirectory(false)
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("wal_level", "logical")
        .start();
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  /** Does to {@link #TABLE} what a changelog says. */
  private static final class TableSink implements Sink<VersionChange> {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("deprecation") // still abstract in Flink 1.20
    public SinkWriter<VersionChange> createWriter(InitContext context) {
      return writer();
    }

    @Override
    public SinkWriter<VersionChange> createWriter(WriterInitContext context) {
      return writer();
    }

    private static SinkWriter<VersionChange> writer() {
      return new SinkWriter<>() {
        @Override
        public void write(VersionChange change, Context context) {
          DimensionVersion version = change.version;
          String key =
              change.dimension
                  + "/"
                  + version.row.tenant
                  + "/"
                  + version.row.id
                  + "/"
                  + version.validFrom;
          boolean comes =
              change.rowKind() == RowKind.INSERT || change.rowKind() == RowKind.UPDATE_AFTER;
          DimensionVersion before = comes ? TABLE.put(key, version) : TABLE.remove(key);
          if (comes ? before != null : !version.equals(before)) {
            BROKEN.add(change + " where there was " + before);
          }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
