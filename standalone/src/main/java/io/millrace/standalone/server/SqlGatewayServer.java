package io.millrace.standalone.server;

import io.millrace.udfs.MillraceModuleFactory;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.table.gateway.SqlGateway;
import org.apache.flink.table.gateway.rest.util.SqlGatewayRestOptions;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;

/** Flink's SQL gateway in this process: takes SQL by REST and JDBC, runs it on a Flink cluster. */
public final class SqlGatewayServer implements AutoCloseable {
  private static final String ENDPOINT = "sql-gateway.endpoint.rest.";

  private final SqlGateway gateway;
  private final URI url;

  private SqlGatewayServer(SqlGateway gateway, URI url) {
    this.gateway = gateway;
    this.url = url;
  }

  /**
   * Starts the gateway in front of the cluster with the given REST address.
   *
   * @param ownHosts each tenant's own sites, for the functions of the module {@code millrace}
   */
  public static SqlGatewayServer start(
      URI flink, PortBook ports, int wantedPort, Map<String, Set<String>> ownHosts)
      throws Exception {
    int port = ports.portFor("sql", wantedPort);
    Configuration config = new Configuration();
    config.set(DeploymentOptions.TARGET, "remote");
    config.set(RestOptions.ADDRESS, flink.getHost());
    config.set(RestOptions.PORT, flink.getPort());
    config.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    config.setString(ENDPOINT + SqlGatewayRestOptions.ADDRESS.key(), "127.0.0.1");
    config.setString(ENDPOINT + SqlGatewayRestOptions.BIND_ADDRESS.key(), "127.0.0.1");
    config.setString(ENDPOINT + SqlGatewayRestOptions.PORT.key(), Integer.toString(port));
    // Days begin where the tables' days begin, whatever the machine's zone.
    config.setString("table.local-time-zone", "UTC");

    Map<String, String> hosts = new HashMap<>();
    ownHosts.forEach((tenant, names) -> hosts.put(tenant, String.join(" ", names)));
    config.set(MillraceModuleFactory.OWN_HOSTS, hosts);

    SqlGateway gateway =
        new SqlGateway(config, SessionManager.create(new DefaultContext(config, List.of())));
    gateway.start();
    return new SqlGatewayServer(gateway, URI.create("http://127.0.0.1:" + port));
  }

  public URI url() {
    return url;
  }

  @Override
  public void close() {
    gateway.stop();
  }
}
