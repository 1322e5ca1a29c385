package io.millrace.standalone.dimensions;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.jobs.dimensions.ReplicationSlot;
import io.millrace.jobs.dimensions.SourceCheck;
import io.millrace.jobs.programs.DimensionsGraph;
import io.millrace.standalone.server.CheckpointStore;
import io.millrace.standalone.server.FlinkCluster;
import io.millrace.standalone.server.JobHandle;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the dimensions job beside the pipeline, and watches its database.
 *
 * <p>Every few seconds it looks: until the job runs, whether it can, and from then on at its slot.
 * So a database that is away when the platform starts, or is set up later, is followed as soon as
 * it is there. What stands in the way is logged once, when it changes.
 *
 * <p>The job is never started where it would pass over changes in silence: from a checkpoint whose
 * slot is gone the connector would go on at the present with a new one.
 */
public final class DimensionsFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DimensionsFollower.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT_EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String BEGIN_AGAIN =
      "; start once with --dimensions-anew, and their history begins again with what the database"
          + " holds now";

  /** What becomes of a history that is there. */
  public enum Start {
    GO_ON,
    /** It is emptied, and begins again with what the database holds now. */
    ANEW
  }

  private final DimensionsPlace place;
  private final FlinkCluster flink;
  private final CheckpointStore checkpoints;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "millrace-dimensions");
            made.setDaemon(true);
            return made;
          });

  private JobHandle job;
  private boolean supersededAreDeleted;
  private boolean startOver;

  /** Null before the first look; empty when there is none. */
  private volatile String problem;

  private volatile double retainedBytes = Double.NaN;
  private volatile double following;

  private DimensionsFollower(DimensionsPlace place, FlinkCluster flink) {
    this.place = place;
    this.flink = flink;
    this.checkpoints = flink.dimensionCheckpoints();
    this.startOver = place.start() == Start.ANEW;
  }

  /**
   * Starts to look, and returns at once.
   *
   * @param meters get the gauges {@code dimensions.slot.retained} and {@code dimensions.following}
   */
  public static DimensionsFollower start(
      DimensionsPlace place, FlinkCluster flink, MeterRegistry meters) {
    DimensionsFollower follower = new DimensionsFollower(place, flink);
    Gauge.builder("dimensions.slot.retained", follower, f -> f.retainedBytes)
        .baseUnit("bytes")
        .description("Of its log that the database keeps for us; NaN when it cannot be asked")
        .strongReference(true)
        .register(meters);
    Gauge.builder("dimensions.following", follower, f -> f.following)
        .description("1 while the changes of the database reach us, else 0")
        .strongReference(true)
        .register(meters);
    var unused =
        follower.thread.scheduleWithFixedDelay(
            follower::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return follower;
  }

  private void look() {
    try (Connection connection = connect(place.source())) {
      String found = job == null ? begin(connection) : watch(connection);
      report(found);
    } catch (Exception e) {
      // Whatever it is, it must not end the looking: a database comes back.
      retainedBytes = Double.NaN;
      following = 0;
      report(e.getMessage() == null ? e.toString() : e.getMessage());
      LOG.debug("Cannot follow the dimensions", e);
    }
  }

  /** What stands in the way; empty when nothing does, null before the first look. */
  String problem() {
    return problem;
  }

  private void report(String found) {
    if (!found.equals(problem)) {
      problem = found;
      if (found.isEmpty()) {
        LOG.info("Following the dimensions of {}", place.source());
      } else {
        LOG.error(
            "Cannot follow the dimensions of {}: {}; looking again every {} s",
            place.source(),
            found,
            LOOK_EVERY.toSeconds());
      }
    }
  }

  static Connection connect(DimensionSource source) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", source.user());
    properties.setProperty("password", source.password());
    properties.setProperty("ApplicationName", "millrace-dimensions");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(source.jdbcUrl(), properties);
  }

  /** Starts the job; returns what stands in the way, or nothing. */
  private String begin(Connection connection) throws Exception {
    if (place.sampleRows().isPresent()) {
      ShopSchema.createMissing(connection, place.sampleRows().get());
    }
    List<String> problems = SourceCheck.problems(connection, place.source().schema());
    if (!problems.isEmpty()) {
      return String.join("; ", problems);
    }
    if (startOver) {
      ReplicationSlot.drop(connection); // first, as it fails while somebody reads from it
      DimensionTables.empty(place.lake());
      FileUtils.deleteDirectory(checkpoints.folder().toFile());
      startOver = false;
    }
    Optional<CheckpointStore.Checkpoint> last = checkpoints.latest();
    Optional<String> gap = gap(last, ReplicationSlot.read(connection));
    if (gap.isPresent()) {
      return gap.get();
    }

    Configuration config = flink.pipelineConfig(1, place.checkpointInterval());
    config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.folder().toUri().toString());
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    new DimensionsGraph(place.source(), HEARTBEAT_EVERY).define(env, place.lake().tables());
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName("millrace dimensions");
    job = flink.submit(graph, last.map(CheckpointStore.Checkpoint::folder));
    supersededAreDeleted = false;
    return watch(connection);
  }

  /** What would be passed over in silence if the job started now. */
  private Optional<String> gap(
      Optional<CheckpointStore.Checkpoint> last, Optional<ReplicationSlot> slot)
      throws IOException {
    if (last.isPresent() && (slot.isEmpty() || slot.get().isLost())) {
      return Optional.of(
          "the slot "
              + DimensionSource.SLOT
              + (slot.isEmpty() ? " is gone" : " is lost")
              + ", and with it the changes since checkpoint "
              + last.get().folder()
              + BEGIN_AGAIN);
    }
    List<String> written = last.isPresent() ? List.of() : DimensionTables.written(place.lake());
    if (!written.isEmpty()) {
      return Optional.of(
          "the tables "
              + written
              + " have rows, but no checkpoint says how far they go"
              + BEGIN_AGAIN);
    }
    return Optional.empty();
  }

  private String watch(Connection connection)
      throws SQLException, IOException, InterruptedException, ExecutionException {
    if (job.status().isGloballyTerminalState()) {
      String ended = "the job " + job.id() + " ended as " + job.status();
      job = null; // the next look starts another
      following = 0;
      return ended;
    }
    supersededAreDeleted = supersededAreDeleted || checkpoints.deleteSupersededBy(job.id());
    int leftOver = ReplicationSlot.dropLeftovers(connection);
    if (leftOver > 0) {
      LOG.info("Dropped {} slots that a broken connection had left behind", leftOver);
    }
    Optional<ReplicationSlot> slot = ReplicationSlot.read(connection);
    retainedBytes = slot.map(s -> (double) s.retainedBytes()).orElse(Double.NaN);
    following = slot.isPresent() && slot.get().active() ? 1 : 0;
    return slot.filter(s -> !s.isSafe())
        .map(
            s ->
                "the slot "
                    + DimensionSource.SLOT
                    + " is "
                    + s.walStatus()
                    + ", as more was written than max_slot_wal_keep_size while nobody read on"
                    + (s.isLost() ? BEGIN_AGAIN : ""))
        .orElse("");
  }

  /** Ends the job after a last checkpoint. */
  @Override
  public void close() throws InterruptedException, ExecutionException {
    // Without an interrupt: a job that is just being started must be known, to be ended.
    thread.shutdown();
    if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("Still looking at {} after {}", place.source(), PATIENCE);
      return;
    }
    if (job != null) {
      job.stop(PATIENCE);
    }
  }
}
