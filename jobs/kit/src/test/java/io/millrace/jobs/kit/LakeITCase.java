package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.apache.iceberg.types.Types.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gate for every new version of Flink or Iceberg: what arrives at the sink is in the table,
 * exactly once, through failures, restores and fresh starts.
 *
 * <p>No source here ends: the sink is known to lose what comes with the end of its input.
 */
class LakeITCase {
  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicBoolean FAILED = new AtomicBoolean();

  @TempDir Path folder;

  private Lake lake;
  private JdbcCatalog catalog;
  private JobClient job;

  @BeforeEach
  void createTables() {
    Map<String, String> properties =
        Map.of(
            "uri",
            "jdbc:h2:mem:"
                + UUID.randomUUID()
                + ";DB_CLOSE_DELAY=-1;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
            "warehouse",
            folder.resolve("warehouse").toUri().toString(),
            "jdbc.schema-version",
            "V1");
    lake = new Lake(JdbcCatalog.class.getName(), properties);
    catalog = new JdbcCatalog();
    catalog.setConf(new org.apache.hadoop.conf.Configuration());
    catalog.initialize(Lake.CATALOG, properties);
    catalog.createNamespace(Namespace.of(Lake.NAMESPACE));
    Schema schema =
        new Schema(
            List.of(
                NestedField.required(1, "id", StringType.get()),
                NestedField.required(2, "at", TimestampType.withZone()),
                NestedField.optional(3, "value", LongType.get()),
                NestedField.optional(4, "unknown_to_the_job", StringType.get())),
            Set.of(1));
    Map<String, String> table = Map.of("format-version", "2", "commit.retry.num-retries", "10");
    PartitionSpec daily = PartitionSpec.builderFor(schema).day("at").build();
    Map<String, String> keyStatisticsOnly = new HashMap<>(table);
    keyStatisticsOnly.put("write.metadata.metrics.default", "none");
    keyStatisticsOnly.put("write.metadata.metrics.column.id", "full");
    keyStatisticsOnly.put("write.metadata.metrics.column.at", "full");
    catalog.createTable(name("changing"), schema, daily, keyStatisticsOnly);
    Schema appended = new Schema(schema.columns());
    catalog.createTable(
        name("growing"), appended, PartitionSpec.builderFor(appended).day("at").build(), table);
    FAILED.set(false);
  }

  @AfterEach
  void cancelTheJob() throws Exception {
    stop();
    catalog.close();
  }

  @Test
  void leavesTheTableAsAPlainRecomputationOfAChangelogThoughTheJobFails() throws Exception {
    Changelog changelog = new Changelog(7, 2_000);

    job = startChanging(changelog, true);
    awaitRows(changelog.rows());
    stop();
    assertThat(FAILED).as("the job failed once").isTrue();
    assertThat(deleteFiles()).as("delete files, so that deletes were put to the test").isPositive();
    assertThat(rows(Expressions.greaterThan("value", 500L)))
        .as("a filter by a column that delete files leave empty must not bring old rows back")
        .isEqualTo(valuesAbove(500, changelog.rows()));

    // Without state and with a new job id: what it sends must be committed too.
    Changelog more = new Changelog(8, 300);
    job = startChanging(more, false);
    TreeMap<String, String> both = new TreeMap<>(changelog.rows());
    both.putAll(more.rows());
    awaitRows(both);
  }

  @Test
  void goesOnWithoutLossOrRepetitionAsANewJobFromARetainedCheckpoint() throws Exception {
    long last = 2_000;
    Path checkpoint = null;
    for (long stopAt = 600; stopAt < last; stopAt += 600) {
      job = startGrowing(0, last, checkpoint);
      long seen = stopAt;
      awaitAppended(seen);
      stop();
      checkpoint = latestCheckpoint(job.getJobID().toHexString());
    }
    job = startGrowing(0, last, checkpoint);
    awaitAppended(last);
    assertThat(offsets()).containsExactlyElementsOf(LongStream.range(0, last).boxed().toList());
  }

  @Test
  void commitsWhatAJobWithoutStateSendsToATableThatAnotherJobWrote() throws Exception {
    job = startGrowing(0, 600, null);
    awaitAppended(600);
    stop();
    job = startGrowing(600, 1_200, null);
    awaitAppended(1_200);
    assertThat(offsets()).containsExactlyElementsOf(LongStream.range(0, 1_200).boxed().toList());
  }

  private JobClient startChanging(Changelog changelog, boolean failing) throws Exception {
    StreamExecutionEnvironment env = environment(null);
    DataStream<Changelog.Change> changes =
        steps(env, 0, changelog.steps())
            .flatMap(changelog, Types.POJO(Changelog.Change.class))
            .uid("changes")
            .setParallelism(1)
            .keyBy(change -> change.visitor, Types.STRING)
            .map(new FailOnce(failing ? changelog.steps() / 2 : Long.MAX_VALUE))
            .returns(Types.POJO(Changelog.Change.class))
            .uid("fail-once");
    Columns<Changelog.Change> columns =
        new Columns<Changelog.Change>()
            .kind(Changelog.Change::rowKind)
            .text("id", change -> change.id)
            .identifying()
            .time("at", change -> change.at)
            .identifying()
            .number("value", change -> change.value);
    lake.write(changes, columns, "changing", "changing");
    return env.executeAsync("changing");
  }

  private JobClient startGrowing(long from, long to, Path checkpoint) throws Exception {
    StreamExecutionEnvironment env = environment(checkpoint);
    Columns<Long> columns =
        new Columns<Long>()
            .text("id", Object::toString)
            .time("at", offset -> offset * Duration.ofMinutes(1).toMillis())
            .number("value", offset -> offset);
    lake.write(steps(env, from, to).rebalance(), columns, "growing", "growing");
    return env.executeAsync("growing");
  }

  private static DataStream<Long> steps(StreamExecutionEnvironment env, long from, long to) {
    return env.addSource(new EndlessSteps(from, to, 250), "Steps", Types.LONG)
        .uid("steps")
        .setParallelism(1);
  }

  private StreamExecutionEnvironment environment(Path checkpoint) {
    Configuration config = new Configuration();
    config.set(PipelineOptions.GENERIC_TYPES, false);
    config.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
    config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints().toUri().toString());
    config.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    if (checkpoint != null) {
      config.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString());
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    env.setParallelism(2);
    env.getConfig().enableObjectReuse();
    return env;
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  private Path latestCheckpoint(String jobId) throws IOException {
    try (Stream<Path> found = Files.list(checkpoints().resolve(jobId))) {
      return found
          .filter(path -> Files.exists(path.resolve("_metadata")))
          .max(
              Comparator.comparing(
                  path -> Long.valueOf(path.getFileName().toString().substring("chk-".length()))))
          .orElseThrow();
    }
  }

  private void stop() throws Exception {
    if (!job.getJobStatus().get().isGloballyTerminalState()) {
      job.cancel().get();
    }
    await().atMost(PATIENCE).until(() -> job.getJobStatus().get().isGloballyTerminalState());
  }

  /** Of rows as {@link Changelog#rows} gives them, those with a higher value. */
  private static TreeMap<String, String> valuesAbove(long least, TreeMap<String, String> rows) {
    TreeMap<String, String> above = new TreeMap<>(rows);
    above.values().removeIf(row -> Long.parseLong(row.substring(row.indexOf(' ') + 1)) <= least);
    return above;
  }

  private void awaitRows(TreeMap<String, String> expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1)) // reading costs the job its processor
        .untilAsserted(() -> assertThat(differences(expected, rows())).isEmpty());
  }

  private static List<String> differences(
      TreeMap<String, String> expected, TreeMap<String, String> actual) {
    return Stream.concat(expected.keySet().stream(), actual.keySet().stream())
        .distinct()
        .filter(id -> !Objects.equals(expected.get(id), actual.get(id)))
        .map(id -> id + ": expected " + expected.get(id) + ", is " + actual.get(id))
        .limit(5)
        .toList();
  }

  private void awaitAppended(long rows) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Snapshot now = catalog.loadTable(name("growing")).currentSnapshot();
              return now != null && Long.parseLong(now.summary().get("total-records")) >= rows;
            });
  }

  /** Every row by its id; an id that stands there twice shows as such. */
  private TreeMap<String, String> rows() {
    return rows(Expressions.alwaysTrue());
  }

  private TreeMap<String, String> rows(Expression filter) {
    TreeMap<String, String> rows = new TreeMap<>();
    Table loaded = catalog.loadTable(name("changing"));
    try (CloseableIterable<Record> records = IcebergGenerics.read(loaded).where(filter).build()) {
      for (Record record : records) {
        rows.merge(
            (String) record.getField("id"),
            record.getField("at") + " " + record.getField("value"),
            (one, other) -> one + " and " + other);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private List<Long> offsets() throws IOException {
    Table loaded = catalog.loadTable(name("growing"));
    try (CloseableIterable<Record> records = IcebergGenerics.read(loaded).build()) {
      return Stream.iterate(records.iterator(), i -> i.hasNext(), i -> i)
          .map(i -> (Long) i.next().getField("value"))
          .sorted()
          .toList();
    }
  }

  private long deleteFiles() {
    return Long.parseLong(
        catalog.loadTable(name("changing")).currentSnapshot().summary().get("total-delete-files"));
  }

  private static TableIdentifier name(String table) {
    return TableIdentifier.of(Lake.NAMESPACE, table);
  }

  /** Fails once, in the middle of the changelog. */
  private record FailOnce(long at) implements MapFunction<Changelog.Change, Changelog.Change> {
    @Override
    public Changelog.Change map(Changelog.Change change) {
      if (change.step >= at && FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("The failure that the test asked for");
      }
      return change;
    }
  }
}
