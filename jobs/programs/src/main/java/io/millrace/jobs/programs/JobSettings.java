package io.millrace.jobs.programs;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** How Flink is to run every job of ours, wherever it runs. */
public final class JobSettings {
  /** Key groups: the bound of every later scaling, and a promise to every savepoint. */
  public static final int MAX_PARALLELISM = 128;

  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(10);

  private JobSettings() {}

  /** Exactly once, kept over restarts, no surprises; where states are kept is the cluster's. */
  public static Configuration exactlyOnce(Duration checkpointInterval) {
    Configuration config = new Configuration();
    config.set(PipelineOptions.GENERIC_TYPES, false);
    config.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    config.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    config.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
    config.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
    config.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, checkpointInterval.dividedBy(4));
    config.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    config.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 1);
    setRestarts(config);
    return config;
  }

  /** For ever, and less and less often: what stops a job, such as a database, comes back. */
  public static void setRestarts(Configuration config) {
    config.set(
        RestartStrategyOptions.RESTART_STRATEGY,
        RestartStrategyOptions.RestartStrategyType.EXPONENTIAL_DELAY.getMainValue());
    config.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(500));
    config.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(30));
  }

  /** What every graph starts with. */
  static void prepare(StreamExecutionEnvironment env) {
    env.setMaxParallelism(MAX_PARALLELISM);
    // Records are not changed once they have been sent on, so operators of a chain can share them.
    env.getConfig().enableObjectReuse();
  }
}
