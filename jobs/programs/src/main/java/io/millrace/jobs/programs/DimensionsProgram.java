package io.millrace.jobs.programs;

import io.millrace.jobs.dimensions.DimensionSource;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dimensions}. */
@Command(
    name = "dimensions",
    header = "Tables of links, products, profiles and owners in a PostgreSQL to their history.",
    mixinStandardHelpOptions = true)
final class DimensionsProgram extends Program {
  private static final Duration HEARTBEAT_EVERY = Duration.ofSeconds(10);

  @Option(
      names = "--source",
      paramLabel = "JDBC-URL",
      required = true,
      description = "The database, for example jdbc:postgresql://host:5432/shop.")
  private String url;

  @Option(names = "--source-user", paramLabel = "USER", required = true, description = "Its user.")
  private String user;

  @Option(
      names = "--source-password",
      paramLabel = "PASSWORD",
      defaultValue = "${env:MILLRACE_DIMENSIONS_PASSWORD:-}",
      description = "The user's password; better given as $$MILLRACE_DIMENSIONS_PASSWORD.")
  private String password;

  @Option(
      names = "--source-schema",
      paramLabel = "NAME",
      defaultValue = "shop",
      description = "Schema of the tables there (default: ${DEFAULT-VALUE}).")
  private String schema;

  @Override
  void define(StreamExecutionEnvironment env) {
    new DimensionsGraph(DimensionSource.at(url, user, password, schema), HEARTBEAT_EVERY)
        .define(env, lake());
  }
}
