package io.millrace.jobs.programs;

import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.RedisSink;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all programs have: where the lake is, and how often they commit to it. */
abstract class Program implements Callable<Integer> {
  /** So that a transaction of Kafka, {@link Handover#TRANSACTION_TIMEOUT}, outlives two of them. */
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;

  @Option(
      names = "--catalog-impl",
      paramLabel = "CLASS",
      defaultValue = "org.apache.iceberg.jdbc.JdbcCatalog",
      description = "Class of the Iceberg catalog (default: ${DEFAULT-VALUE}).")
  private String catalogImpl;

  @Option(
      names = "--catalog",
      paramLabel = "KEY=VALUE",
      required = true,
      description =
          "A property of the catalog, such as uri, warehouse, jdbc.user; may be repeated."
              + " A JDBC catalog gets jdbc.schema-version=V1 by itself.")
  private Map<String, String> catalog = new LinkedHashMap<>();

  @Option(
      names = "--checkpoint-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Time between two checkpoints, and so between two commits (default: ${DEFAULT-VALUE}).")
  private int checkpointSeconds;

  final Lake lake() {
    Map<String, String> properties = new LinkedHashMap<>(catalog);
    properties.putIfAbsent("jdbc.schema-version", "V1");
    return new Lake(catalogImpl, properties);
  }

  final Stores stores(String redis) {
    return new Stores(lake(), new RedisSink(redis));
  }

  @Override
  public final Integer call() throws Exception {
    if (checkpointSeconds < 1 || checkpointSeconds > CHECKPOINT_TIMEOUT.toSeconds()) {
      throw new ParameterException(
          spec.commandLine(),
          "--checkpoint-seconds is %d; give 1 to %d"
              .formatted(checkpointSeconds, CHECKPOINT_TIMEOUT.toSeconds()));
    }
    Configuration config = JobSettings.exactlyOnce(Duration.ofSeconds(checkpointSeconds));
    config.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    define(env);
    env.execute("millrace-" + spec.name());
    return 0;
  }

  /** Adds sources, jobs and sinks. */
  abstract void define(StreamExecutionEnvironment env) throws Exception;
}
