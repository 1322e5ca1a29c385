package io.millrace.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.gateway.access.AccessDatabase;
import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.dimensions.DimensionsFollower;
import io.millrace.standalone.dimensions.DimensionsPlace;
import io.millrace.standalone.maintenance.MaintenanceSchedule;
import io.millrace.standalone.pipeline.Pipeline;
import io.millrace.standalone.pipeline.PipelineAddresses;
import io.millrace.standalone.server.CheckpointStore;
import io.millrace.standalone.server.FlinkCluster;
import io.millrace.standalone.server.JobHandle;
import io.millrace.standalone.server.KafkaServer;
import io.millrace.standalone.server.KafkaTopics;
import io.millrace.standalone.server.LakeCatalog;
import io.millrace.standalone.server.LakeTables;
import io.millrace.standalone.server.PortBook;
import io.millrace.standalone.server.PostgresServer;
import io.millrace.standalone.server.RedisServer;
import io.millrace.standalone.server.SqlGatewayServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of Millrace in this process: servers, tables, gateway and pipeline, on loopback, with its
 * data in one folder.
 *
 * <p>What does not depend on each other starts at the same time. What has started is closed in this
 * order, whether the start failed half-way or the platform is stopped: first what lets events in,
 * then the pipeline after a last checkpoint, then what it writes to.
 */
public final class Platform implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SQL_SLOTS = 3;
  private static final int DIMENSIONS_SLOTS = 1;

  /** Is told, from several threads, of each part as it becomes ready. */
  @FunctionalInterface
  public interface Progress {
    void ready(String part, String address, Duration took);
  }

  private final PlatformOptions options;
  private final DataFolder folder;
  private final DataFolder.Lock lock;
  private final Progress progress;
  private final PortBook ports;
  private final Deque<Closing> toClose = new ArrayDeque<>();
  private volatile MeterRegistry meters = new SimpleMeterRegistry();
  private RunningPlatform running;

  /** What is closed, in the order of the ranks. */
  private record Closing(Rank rank, AutoCloseable part) {}

  private enum Rank {
    GATEWAY,
    SQL,
    HOUSEKEEPING,
    PIPELINE,
    FLINK,
    ALERTS,
    KAFKA,
    REDIS,
    POSTGRES
  }

  private Platform(
      PlatformOptions options, DataFolder folder, DataFolder.Lock lock, Progress progress) {
    this.options = options;
    this.folder = folder;
    this.lock = lock;
    this.progress = progress;
    this.ports = new PortBook(folder.config().resolve("ports.properties"));
  }

  /** Starts everything and returns when it is ready; on failure nothing is left running. */
  public static Platform start(
      PlatformOptions options,
      Optional<Pipeline> pipeline,
      Optional<GatewayStarter> gateway,
      Clock clock,
      Progress progress)
      throws Exception {
    DataFolder folder = new DataFolder(options.data());
    folder.prepare();
    DataFolder.Lock lock = folder.lock();
    Platform platform;
    try {
      RunningPlatform.delete(folder);
      platform = new Platform(options, folder, lock, progress);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    try {
      platform.startAll(pipeline, gateway, clock);
      return platform;
    } catch (Exception e) {
      try {
        platform.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private void startAll(Optional<Pipeline> pipeline, Optional<GatewayStarter> gateway, Clock clock)
      throws Exception {
    // Before anything starts, else the refusal comes when the slowest part is up. Redis and
    // Postgres look for themselves: their port may be held by what a killed run left.
    ports.requireFree("gateway", options.ports().gateway());
    ports.requireFree("kafka", options.ports().kafka());
    ports.requireFree("flink", options.ports().flink());
    ports.requireFree("sql", options.ports().sql());
    LocalKeys keys = LocalKeys.createMissing(folder.config(), options.tenants());
    Path flinkFolder = folder.path().resolve("flink");
    FileUtils.deleteDirectory(flinkFolder.resolve("tmp").toFile()); // left by a kill

    try (StartTasks tasks = new StartTasks()) {
      Future<String> kafka = tasks.start(this::startKafka);
      Future<LakeCatalog> postgres = tasks.start(this::startPostgres);
      Future<AccessDatabase> access = tasks.start(() -> prepareAccess(postgres.get(), keys, clock));
      Future<AlertsDatabase> alerts = tasks.start(() -> AlertsPart.prepare(postgres.get()));
      Future<URI> gatewayUrl =
          tasks.start(
              () ->
                  gateway.isEmpty()
                      ? null
                      : startGateway(gateway.get(), kafka.get(), access.get()));
      Future<Integer> rawPartitions =
          tasks.start(() -> KafkaTopics.partitions(kafka.get(), Topics.EVENTS_RAW));
      Future<String> redis = tasks.start(this::startRedis);
      Future<LakeCatalog> lake = tasks.start(() -> createTables(postgres.get()));
      Future<FlinkCluster> flink = tasks.start(() -> startFlink(flinkFolder));
      Future<URI> sql = tasks.start(() -> startSql(flink.get().restUrl()));
      tasks.await();
      closeLater(
          Rank.ALERTS, AlertsPart.start(folder, options, kafka.get(), alerts.get(), clock, meters));

      PipelineAddresses addresses =
          new PipelineAddresses(kafka.get(), rawPartitions.get(), redis.get(), lake.get());
      Optional<CheckpointStore.Checkpoint> last = flink.get().checkpoints().latest();
      JobHandle job =
          pipeline.isEmpty() ? null : startPipeline(pipeline.get(), addresses, flink.get(), last);
      FlinkCluster cluster = flink.get();
      if (pipeline.isPresent()) {
        DimensionsPlace.of(options, folder.config(), lake.get())
            .map(place -> DimensionsFollower.start(place, cluster, meters))
            .ifPresent(follower -> closeLater(Rank.PIPELINE, follower));
      }

      LakeCatalog catalog = lake.get();
      if (!options.maintainEvery().isZero()) {
        closeLater(
            Rank.HOUSEKEEPING,
            MaintenanceSchedule.start(folder, catalog, options.maintainEvery(), clock));
      }
      running =
          new RunningPlatform(
              ProcessHandle.current().pid(),
              Version.current(),
              clock.instant().toString(),
              kafka.get(),
              redis.get(),
              new RunningPlatform.Lake(
                  catalog.jdbcUrl(), catalog.user(), catalog.password(), catalog.warehouse()),
              flink.get().restUrl(),
              sql.get(),
              gatewayUrl.get(),
              job == null ? null : job.id(),
              last.map(checkpoint -> checkpoint.folder().toString()).orElse(null));
      running.write(folder);
    }
  }

  private String startKafka() throws Exception {
    long began = System.nanoTime();
    String bootstrap;
    if (options.external().kafkaBootstrap().isPresent()) {
      bootstrap = options.external().kafkaBootstrap().get();
    } else {
      KafkaServer kafka =
          KafkaServer.start(folder.path().resolve("kafka"), ports, options.ports().kafka());
      closeLater(Rank.KAFKA, kafka);
      bootstrap = kafka.bootstrap();
    }
    KafkaTopics.createMissing(bootstrap, PATIENCE);
    ready("kafka", bootstrap, began);
    return bootstrap;
  }

  private AccessDatabase prepareAccess(LakeCatalog lake, LocalKeys keys, Clock clock)
      throws IOException, SQLException {
    AccessDatabase database = new AccessDatabase(lake.jdbcUrl(), lake.user(), lake.password());
    database.migrate();
    try (Connection connection = database.connect()) {
      KeyFileImport.run(folder.config(), connection, clock);
      keys.publish(connection, clock);
    }
    return database;
  }

  private URI startGateway(GatewayStarter starter, String kafka, AccessDatabase access)
      throws Exception {
    long began = System.nanoTime();
    int port = ports.portFor("gateway", options.ports().gateway());
    GatewayStarter.Gateway gateway =
        starter.start(
            new GatewayStarter.Place(
                kafka,
                port,
                access,
                options.access(),
                folder.config().resolve("salts"),
                options.geoDatabase(),
                folder.spool()));
    closeLater(Rank.GATEWAY, gateway);
    meters = gateway.meters();
    ready("gateway", gateway.url().toString(), began);
    return gateway.url();
  }

  private String startRedis() throws Exception {
    long began = System.nanoTime();
    String uri;
    if (options.external().redisUri().isPresent()) {
      uri = options.external().redisUri().get();
    } else {
      RedisServer redis =
          RedisServer.start(folder.path().resolve("redis"), ports, options.ports().redis());
      closeLater(Rank.REDIS, redis);
      uri = redis.uri();
    }
    ready("redis", uri, began);
    return uri;
  }

  private LakeCatalog startPostgres() throws Exception {
    long began = System.nanoTime();
    if (options.external().lake().isPresent()) {
      return options.external().lake().get();
    }
    PostgresServer postgres =
        PostgresServer.start(
            folder.path().resolve("postgres"),
            ports,
            options.ports().postgres(),
            folder.logs().resolve("postgres.log"));
    closeLater(Rank.POSTGRES, postgres);
    ready("postgres", postgres.jdbcUrl(), began);
    Files.createDirectories(folder.warehouse());
    return new LakeCatalog(postgres.jdbcUrl(), PostgresServer.USER, "", folder.warehouse().toUri());
  }

  private LakeCatalog createTables(LakeCatalog lake) throws Exception {
    long began = System.nanoTime();
    LakeTables.createMissing(lake);
    ready("lake", lake.warehouse().toString(), began);
    return lake;
  }

  private FlinkCluster startFlink(Path flinkFolder) throws Exception {
    long began = System.nanoTime();
    FlinkCluster flink =
        FlinkCluster.start(
            flinkFolder,
            ports,
            options.ports().flink(),
            options.parallelism() + DIMENSIONS_SLOTS + SQL_SLOTS);
    closeLater(Rank.FLINK, flink);
    ready("flink", flink.restUrl().toString(), began);
    return flink;
  }

  private URI startSql(URI flink) throws Exception {
    long began = System.nanoTime();
    SqlGatewayServer sql =
        SqlGatewayServer.start(
            flink,
            ports,
            options.ports().sql(),
            OwnHostsFile.remember(folder.config(), options.ownHosts()));
    closeLater(Rank.SQL, sql);
    ready("sql", sql.url().toString(), began);
    return sql.url();
  }

  private JobHandle startPipeline(
      Pipeline pipeline,
      PipelineAddresses addresses,
      FlinkCluster flink,
      Optional<CheckpointStore.Checkpoint> last)
      throws Exception {
    long began = System.nanoTime();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            flink.pipelineConfig(options.parallelism(), options.checkpointInterval()));
    pipeline.define(env, addresses);
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName("millrace");
    last.ifPresent(checkpoint -> LOG.info("The pipeline goes on from {}", checkpoint.folder()));
    JobHandle job = flink.submit(graph, last.map(CheckpointStore.Checkpoint::folder));
    closeLater(Rank.PIPELINE, () -> job.stop(PATIENCE));
    job.awaitRunning(PATIENCE);
    deleteEarlierCheckpointsLater(flink.checkpoints(), job.id());
    ready("pipeline", "job " + job.id(), began);
    return job;
  }

  private void deleteEarlierCheckpointsLater(CheckpointStore checkpoints, String jobId) {
    ScheduledExecutorService housekeeping =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-housekeeping");
              thread.setDaemon(true);
              return thread;
            });
    long millis = options.checkpointInterval().toMillis();
    var unused =
        housekeeping.scheduleWithFixedDelay(
            () -> {
              try {
                if (checkpoints.deleteSupersededBy(jobId)) {
                  housekeeping.shutdown();
                }
              } catch (IOException e) {
                LOG.warn("Cannot delete the checkpoints of earlier runs: {}", e.toString());
              }
            },
            millis,
            millis,
            TimeUnit.MILLISECONDS);
    closeLater(Rank.HOUSEKEEPING, housekeeping::shutdownNow);
  }

  private void ready(String part, String address, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    LOG.info("{} is ready at {} after {} ms", part, address, took.toMillis());
    progress.ready(part, address, took);
  }

  private void closeLater(Rank rank, AutoCloseable part) {
    synchronized (toClose) {
      toClose.add(new Closing(rank, part));
    }
  }

  /** Where everything is. */
  public RunningPlatform running() {
    return running;
  }

  /** Stops everything; a part that cannot be stopped does not keep the others from it. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    // Whoever interrupts a start wants the parts stopped, not left.
    boolean interrupted = Thread.interrupted();
    for (Rank rank : Rank.values()) {
      for (Closing closing : toClose) {
        if (closing.rank() == rank) {
          try {
            closing.part().close();
          } catch (Exception e) {
            LOG.error("Cannot stop {}", rank, e);
            if (failure == null) {
              failure = new IOException("Cannot stop " + rank + " cleanly: " + e.getMessage(), e);
            }
          }
        }
      }
    }
    toClose.clear();
    RunningPlatform.delete(folder);
    lock.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }
}
