package io.millrace.standalone.server;

import io.millrace.jobs.programs.JobSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.core.execution.RestoreMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A Flink cluster in this process, with its REST interface and web UI on loopback. */
public final class FlinkCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MiniCluster cluster;
  private final URI restUrl;
  private final Path folder;

  private FlinkCluster(MiniCluster cluster, URI restUrl, Path folder) {
    this.cluster = cluster;
    this.restUrl = restUrl;
    this.folder = folder;
  }

  /**
   * Starts the cluster.
   *
   * @param folder holds checkpoints, which last, and {@code tmp}, which does not
   */
  public static FlinkCluster start(Path folder, PortBook ports, int wantedPort, int slots)
      throws Exception {
    int port = ports.portFor("flink", wantedPort);
    Path home = folder.toAbsolutePath().normalize();
    Path tmp = Files.createDirectories(home.resolve("tmp"));
    Configuration config = config(home, tmp, port);

    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(config)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    cluster.start();
    URI restUrl = cluster.getRestAddress().get();
    try {
      awaitAnswer(restUrl.resolve("/overview"));
    } catch (IOException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return new FlinkCluster(cluster, restUrl, home);
  }

  /** The REST interface is up before there is a leader for it to ask, and answers 503 till then. */
  private static void awaitAnswer(URI url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
      if (System.nanoTime() > deadline) {
        throw new IOException("Cannot start Flink: no answer from " + url + " in " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Configuration config(Path home, Path tmp, int port) {
    Configuration config = new Configuration();
    config.set(RestOptions.ADDRESS, "127.0.0.1");
    config.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    config.set(RestOptions.PORT, port);
    config.set(RestOptions.BIND_PORT, Integer.toString(port));
    config.set(JobManagerOptions.BIND_HOST, "127.0.0.1"); // the blob server's, too
    config.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    // The page offers no upload of jars; jobs of our own do not come by that way.
    config.set(WebOptions.SUBMIT_ENABLE, false);
    // No Kerberos here; looking for it loads much of Hadoop at every start.
    config.set(SecurityOptions.DELEGATION_TOKENS_ENABLED, false);
    config.set(CoreOptions.TMP_DIRS, tmp.toString());
    config.set(BlobServerOptions.STORAGE_DIRECTORY, tmp.resolve("blobs").toString());
    config.set(WebOptions.TMP_DIR, tmp.resolve("web").toString());
    // Managed memory is split evenly over slots, and the SQL slots are mostly empty: so RocksDB
    // takes a share of its own, which the slots that use it have to themselves.
    config.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(320));
    config.set(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    // A column family takes an eighth of this at its first write. At the default of 64 MB those of
    // all operators together overran the bound, and RocksDB flushed after every single put.
    config.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, MemorySize.ofMebiBytes(16));
    // Half of all reads ask for what is not there yet: a new visitor, a new window. Without filters
    // each of them opens every file of the column family.
    config.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
    config.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    config.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    config.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    config.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    // Jobs that users start by SQL: apart from the pipeline's, which is looked for at every start.
    config.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        home.resolve("sql-checkpoints").toUri().toString());
    config.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY, home.resolve("savepoints").toUri().toString());
    JobSettings.setRestarts(config);
    return config;
  }

  /** What a pipeline job is configured with. */
  public Configuration pipelineConfig(int parallelism, Duration checkpointInterval) {
    Configuration config = JobSettings.exactlyOnce(checkpointInterval);
    config.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    config.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints().folder().toUri().toString());
    return config;
  }

  public CheckpointStore checkpoints() {
    return new CheckpointStore(folder.resolve("checkpoints"));
  }

  /** Of the dimensions job, which goes on by itself. */
  public CheckpointStore dimensionCheckpoints() {
    return new CheckpointStore(folder.resolve("dimension-checkpoints"));
  }

  /** Starts a job, from a checkpoint of an earlier run where one is given. */
  public JobHandle submit(StreamGraph graph, Optional<Path> restoreFrom) throws Exception {
    JobGraph job = graph.getJobGraph();
    restoreFrom.ifPresent(
        checkpoint ->
            job.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(
                    checkpoint.toUri().toString(), false, RestoreMode.NO_CLAIM)));
    JobID id = cluster.submitJob(job).get().getJobID();
    return new JobHandle(cluster, id);
  }

  /** The REST interface and the web UI. */
  public URI restUrl() {
    return restUrl;
  }

  @Override
  public void close() throws IOException {
    try {
      cluster.close();
    } catch (Exception e) {
      throw new IOException("Cannot stop Flink: " + e.getMessage(), e);
    }
  }
}
