package io.millrace.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.gateway.SqlGateway;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Flink, its SQL gateway and an Iceberg catalog in Postgres, in one process, with the lake's
 * tables.
 */
final class TestPlatform implements AutoCloseable {
  private static final String LOCALHOST = "127.0.0.1";

  private final EmbeddedPostgres postgres;
  private final MiniCluster flink;
  private final SqlGateway gateway;
  private final URI gatewayUri;
  private final Path folder;

  private TestPlatform(
      EmbeddedPostgres postgres,
      MiniCluster flink,
      SqlGateway gateway,
      URI gatewayUri,
      Path folder) {
    this.postgres = postgres;
    this.flink = flink;
    this.gateway = gateway;
    this.gatewayUri = gatewayUri;
    this.folder = folder;
  }

  static TestPlatform start(Path folder) throws Exception {
    Files.createDirectories(folder.resolve("lake"));
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("postgres"))
            .setOverrideWorkingDirectory(folder.resolve("postgres-binaries").toFile())
            .setServerConfig("listen_addresses", LOCALHOST)
            .start();
    Configuration conf = new Configuration();
    conf.set(RestOptions.ADDRESS, LOCALHOST);
    conf.set(RestOptions.BIND_ADDRESS, LOCALHOST);
    conf.set(RestOptions.BIND_PORT, "0");
    conf.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    MiniCluster flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(conf)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .build());
    flink.start();

    int gatewayPort = freePort();
    Configuration gatewayConf = new Configuration();
    gatewayConf.setString("execution.target", "remote");
    gatewayConf.set(RestOptions.ADDRESS, LOCALHOST);
    gatewayConf.set(RestOptions.PORT, flink.getRestAddress().get().getPort());
    gatewayConf.setString("sql-gateway.endpoint.rest.address", LOCALHOST);
    gatewayConf.setString("sql-gateway.endpoint.rest.bind-address", LOCALHOST);
    gatewayConf.setString("sql-gateway.endpoint.rest.port", String.valueOf(gatewayPort));
    SqlGateway gateway =
        new SqlGateway(
            gatewayConf, SessionManager.create(new DefaultContext(gatewayConf, new ArrayList<>())));
    gateway.start();
    TestPlatform platform =
        new TestPlatform(
            postgres,
            flink,
            gateway,
            URI.create("http://" + LOCALHOST + ":" + gatewayPort),
            folder);
    platform.createTables();
    return platform;
  }

  URI gatewayUri() {
    return gatewayUri;
  }

  long runningJobs() {
    return flink.listJobs().join().stream()
        .filter(job -> !job.getJobState().isGloballyTerminalState())
        .count();
  }

  String catalogStatement() {
    return """
        CREATE CATALOG millrace WITH (
          'type' = 'iceberg',
          'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
          'uri' = '%s',
          'jdbc.user' = 'postgres',
          'jdbc.password' = 'postgres',
          'jdbc.schema-version' = 'V1',
          'warehouse' = '%s')"""
        .formatted(jdbcUrl(), folder.resolve("lake").toUri());
  }

  private String jdbcUrl() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  private void createTables() throws Exception {
    try (JdbcCatalog catalog = new JdbcCatalog()) {
      catalog.setConf(new org.apache.hadoop.conf.Configuration());
      catalog.initialize(
          "millrace",
          Map.of(
              "uri", jdbcUrl(),
              "jdbc.user", "postgres",
              "jdbc.password", "postgres",
              "jdbc.schema-version", "V1",
              "warehouse", folder.resolve("lake").toUri().toString()));
      catalog.createNamespace(org.apache.iceberg.catalog.Namespace.of("lake"));
      try (SqlClient sql = SqlClient.open(gatewayUri, catalogStatement())) {
        for (String name : GivenRows.TABLES) {
          sql.execute(SqlResources.read("tables/" + name + ".sql"));
          Table table = catalog.loadTable(TableIdentifier.of("lake", name));
          String partitionBy = table.properties().get("millrace.partition-by");
          if (partitionBy == null) {
            continue;
          }
          String column = partitionBy.substring("day(".length(), partitionBy.length() - 1);
          table.updateSpec().addField(Expressions.day(column)).commit();
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOCALHOST))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    gateway.stop();
    flink.close();
    postgres.close();
  }
}
