package io.millrace.standalone.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.domain.dimension.Dimension;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.standalone.pipeline.LakeReader;
import io.millrace.standalone.server.CheckpointStore;
import io.millrace.standalone.server.FlinkCluster;
import io.millrace.standalone.server.JobHandle;
import io.millrace.standalone.server.LakeCatalog;
import io.millrace.standalone.server.LakeTables;
import io.millrace.standalone.server.PortBook;
import io.millrace.standalone.server.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real Postgres to the tables of the lake. */
class DimensionsFollowerITCase {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration CHECKPOINTS = Duration.ofMillis(500);

  @TempDir Path folder;

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private PostgresServer postgres;
  private LakeCatalog lake;
  private FlinkCluster flink;
  private DimensionsFollower follower;

  @BeforeEach
  void start() throws Exception {
    postgres = postgres("postgres");
    lake =
        new LakeCatalog(
            postgres.jdbcUrl(),
            PostgresServer.USER,
            "",
            Files.createDirectories(folder.resolve("warehouse")).toUri());
    LakeTables.createMissing(lake);
    flink =
        FlinkCluster.start(
            folder.resolve("flink"), new PortBook(folder.resolve("flink-ports")), 0, 2);
  }

  @AfterEach
  void stop() throws Exception {
    if (follower != null) {
      follower.close();
    }
    flink.close();
    postgres.close();
  }

  @Test
  void mirrorsTheSourceAndTellsItsHistoryOverARestartAndAColumnThatIsAdded() throws Exception {
    DimensionSource source = shop(postgres);
    follow(source, DimensionsFollower.Start.GO_ON);
    awaitFollowing();
    try (Connection connection = DimensionsFollower.connect(source)) {
      ShopChanges changes = new ShopChanges(connection, 11);

      changes.make(150);
      awaitHistory(changes.history);
      follower.close();
      changes.make(60); // while nobody follows
      changes.addColumn();
      changes.make(60);
      follow(source, DimensionsFollower.Start.GO_ON);
      changes.make(30);

      awaitHistory(changes.history);
      for (Dimension dimension : Dimension.values()) {
        assertThat(present(dimension)).isEqualTo(inSource(connection, dimension)).isNotEmpty();
      }
      assertThat(gauge("dimensions.slot.retained")).isPositive().isLessThan(512 << 20);
    }
  }

  @Test
  void leavesOtherJobsAloneWhileItsDatabaseIsAwayAndGoesOnWhenItIsBack() throws Exception {
    PostgresServer shopServer = postgres("shop");
    DimensionSource source = shop(shopServer);
    try (Connection connection = DimensionsFollower.connect(source)) {
      ShopSchema.createMissing(connection, folder.resolve("none"));
      execute(connection, "INSERT INTO shop.owners (tenant, id, plan) VALUES ('t', 'o', 'free')");
    }
    shopServer.close();
    JobHandle other = otherJob();

    followGiven(source);
    await().atMost(PATIENCE).until(() -> follower.problem() != null);
    assertThat(follower.problem()).contains("Connection to 127.0.0.1:").contains(" refused");
    assertThat(gauge("dimensions.following")).isZero();
    assertThat(gauge("dimensions.slot.retained")).isNaN();
    shopServer = postgres("shop");
    awaitFollowing();
    await().atMost(PATIENCE).until(() -> present(Dimension.OWNERS).size() == 1);

    shopServer.close();
    await().atMost(PATIENCE).until(() -> gauge("dimensions.following") == 0);
    awaitCheckpointOf(other);
    shopServer = postgres("shop");
    try (Connection connection = DimensionsFollower.connect(source)) {
      execute(connection, "UPDATE shop.owners SET plan = 'pro'");
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(present(Dimension.OWNERS)).containsValue("pro null").hasSize(1));
    awaitFollowing();
    assertThat(other.status()).isEqualTo(JobStatus.RUNNING);
    awaitCheckpointOf(other);

    follower.close();
    follower = null;
    other.stop(PATIENCE);
    shopServer.close();
  }

  @Test
  void refusesToPassOverChangesThatAreGoneAndBeginsAnewWhenItIsAskedTo() throws Exception {
    DimensionSource source = shop(postgres);
    follow(source, DimensionsFollower.Start.GO_ON);
    awaitFollowing();
    try (Connection connection = DimensionsFollower.connect(source)) {
      execute(connection, "INSERT INTO shop.owners (tenant, id, plan) VALUES ('t', 'o', 'free')");
      execute(connection, "INSERT INTO shop.owners (tenant, id, plan) VALUES ('t', 'p', 'free')");
      await().atMost(PATIENCE).until(() -> present(Dimension.OWNERS).size() == 2);
      follower.close();
      execute(connection, "SELECT pg_drop_replication_slot('" + DimensionSource.SLOT + "')");
      execute(connection, "DELETE FROM shop.owners WHERE id = 'p'");
      execute(connection, "UPDATE shop.owners SET plan = 'pro' WHERE id = 'o'");

      follow(source, DimensionsFollower.Start.GO_ON);
      await().atMost(PATIENCE).until(() -> follower.problem() != null);
      assertThat(follower.problem())
          .startsWith(
              "the slot millrace_dimensions is gone, and with it the changes since checkpoint ")
          .endsWith(
              "; start once with --dimensions-anew, and their history begins again with what the"
                  + " database holds now");
      assertThat(present(Dimension.OWNERS)).hasSize(2);
      follower.close();

      follow(source, DimensionsFollower.Start.ANEW);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(present(Dimension.OWNERS))
                      .isEqualTo(inSource(connection, Dimension.OWNERS))
                      .containsOnlyKeys("o"));
    }
  }

  private void follow(DimensionSource source, DimensionsFollower.Start start) {
    Optional<Path> sampleRows = Optional.of(folder.resolve("none"));
    DimensionsPlace place = new DimensionsPlace(source, sampleRows, lake, CHECKPOINTS, start);
    meters.clear();
    follower = DimensionsFollower.start(place, flink, meters);
  }

  private void followGiven(DimensionSource source) {
    follower =
        DimensionsFollower.start(
            new DimensionsPlace(
                source, Optional.empty(), lake, CHECKPOINTS, DimensionsFollower.Start.GO_ON),
            flink,
            meters);
  }

  private void awaitFollowing() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(follower.problem()).isEmpty();
              assertThat(gauge("dimensions.following")).isEqualTo(1);
            });
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private JobHandle otherJob() throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(flink.pipelineConfig(1, CHECKPOINTS));
    env.fromSource(
            new DataGeneratorSource<>(
                number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(100), Types.LONG),
            WatermarkStrategy.noWatermarks(),
            "Numbers",
            Types.LONG)
        .uid("numbers")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    JobHandle job = flink.submit(env.getStreamGraph(), Optional.empty());
    job.awaitRunning(PATIENCE);
    return job;
  }

  private void awaitCheckpointOf(JobHandle other) throws Exception {
    CheckpointStore store = flink.checkpoints();
    long now = store.latestOf(other.id()).map(CheckpointStore.Checkpoint::number).orElse(0L);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                store.latestOf(other.id()).map(CheckpointStore.Checkpoint::number).orElse(0L)
                    > now);
  }

  /** What each row was in turn, and no gap or overlap but where it was deleted. */
  private void awaitHistory(TreeMap<String, List<String>> expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2)) // reading costs the job its processor
        .untilAsserted(() -> assertThat(history()).isEqualTo(expected));
  }

  private TreeMap<String, List<String>> history() throws Exception {
    TreeMap<String, List<String>> history = new TreeMap<>();
    for (Dimension dimension : Dimension.values()) {
      List<Record> rows = new ArrayList<>(rows(dimension));
      rows.sort(Comparator.comparing(row -> (OffsetDateTime) row.getField("valid_from")));
      TreeMap<String, OffsetDateTime> ends = new TreeMap<>();
      for (Record row : rows) {
        String key = dimension.sourceTable() + '/' + row.getField("id");
        List<String> versions = history.computeIfAbsent(key, name -> new ArrayList<>());
        OffsetDateTime from = (OffsetDateTime) row.getField("valid_from");
        if (!versions.isEmpty()) {
          assertThat(ends.get(key)).as(key).isNotNull().isBeforeOrEqualTo(from);
          if (ends.get(key).isBefore(from)) {
            versions.add(null);
          }
        }
        versions.add(text(dimension, row));
        ends.put(key, (OffsetDateTime) row.getField("valid_to"));
      }
      ends.forEach(
          (key, end) -> {
            if (end != null) {
              history.get(key).add(null);
            }
          });
    }
    return history;
  }

  private TreeMap<String, String> present(Dimension dimension) throws Exception {
    TreeMap<String, String> rows = new TreeMap<>();
    for (Record row : rows(dimension)) {
      if (row.getField("valid_to") == null) {
        assertThat(rows.put(row.getField("id").toString(), text(dimension, row))).isNull();
      }
    }
    return rows;
  }

  private List<Record> rows(Dimension dimension) throws Exception {
    return new LakeReader(lake).rows(dimension.lakeTable());
  }

  private static String text(Dimension dimension, Record row) {
    return row.getField(column(dimension)) + " " + row.getField("attributes");
  }

  private static String column(Dimension dimension) {
    return dimension == Dimension.OWNERS ? "plan" : "owner_id";
  }

  private static TreeMap<String, String> inSource(Connection connection, Dimension dimension)
      throws SQLException {
    TreeMap<String, String> found = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM shop." + dimension.sourceTable())) {
      while (rows.next()) {
        String badge = dimension == Dimension.LINKS ? rows.getString("badge") : null;
        found.put(
            rows.getString("id"),
            rows.getString(column(dimension))
                + (badge == null ? " null" : " {\"badge\":\"" + badge + "\"}"));
      }
    }
    return found;
  }

  private static DimensionSource shop(PostgresServer server) {
    return DimensionSource.at(server.jdbcUrl(), PostgresServer.USER, "", ShopSchema.NAME);
  }

  private PostgresServer postgres(String name) throws Exception {
    return PostgresServer.start(
        folder.resolve(name),
        new PortBook(folder.resolve(name + "-ports")),
        0,
        folder.resolve(name + ".log"));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
