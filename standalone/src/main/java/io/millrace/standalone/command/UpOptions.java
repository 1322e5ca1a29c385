package io.millrace.standalone.command;

import io.millrace.alerts.send.SmtpServer;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.gateway.access.TrustedProxies;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.PlatformOptions;
import io.millrace.standalone.dimensions.DimensionsFollower;
import io.millrace.standalone.server.LakeCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a command starts a platform; {@code up} and {@code demo} take them all. */
public final class UpOptions {
  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      description =
          "Port of the gateway on 127.0.0.1; for this and the next five, 0 is the one"
              + " of last time, or any free one (default: 0).")
  private int gatewayPort;

  @Option(names = "--kafka-port", paramLabel = "PORT", description = "Port of our own Kafka.")
  private int kafkaPort;

  @Option(names = "--redis-port", paramLabel = "PORT", description = "Port of our own Redis.")
  private int redisPort;

  @Option(names = "--postgres-port", paramLabel = "PORT", description = "Port of our Postgres.")
  private int postgresPort;

  @Option(names = "--flink-port", paramLabel = "PORT", description = "Port of Flink's web UI.")
  private int flinkPort;

  @Option(names = "--sql-port", paramLabel = "PORT", description = "Port of the SQL gateway.")
  private int sqlPort;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Use these Kafka brokers instead of our own.")
  private String kafka;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      description = "Use this Redis instead of our own, for example redis://host:6379.")
  private String redis;

  @Option(
      names = "--catalog",
      paramLabel = "JDBC-URL",
      description = "Keep the Iceberg catalog in this PostgreSQL instead of our own.")
  private String catalog;

  @Option(
      names = "--catalog-user",
      paramLabel = "USER",
      defaultValue = "postgres",
      description = "User of that database (default: ${DEFAULT-VALUE}).")
  private String catalogUser = "postgres";

  @Option(
      names = "--catalog-password",
      paramLabel = "PASSWORD",
      defaultValue = "${env:MILLRACE_CATALOG_PASSWORD:-}",
      description = "Its password; better given as $$MILLRACE_CATALOG_PASSWORD.")
  private String catalogPassword = "";

  @Option(
      names = "--warehouse",
      paramLabel = "URI",
      description = "Where that catalog keeps the tables' files, for example file:///srv/lake/.")
  private URI warehouse;

  @Option(
      names = "--dimensions",
      paramLabel = "JDBC-URL",
      description =
          "Follow links, products, profiles and owners in this PostgreSQL instead of the sample"
              + " schema in our own.")
  private String dimensions;

  @Option(
      names = "--dimensions-schema",
      paramLabel = "NAME",
      defaultValue = "shop",
      description = "Schema of their tables there (default: ${DEFAULT-VALUE}).")
  private String dimensionsSchema = "shop";

  @Option(
      names = "--dimensions-user",
      paramLabel = "USER",
      defaultValue = "postgres",
      description = "User of that database (default: ${DEFAULT-VALUE}).")
  private String dimensionsUser = "postgres";

  @Option(
      names = "--dimensions-password",
      paramLabel = "PASSWORD",
      defaultValue = "${env:MILLRACE_DIMENSIONS_PASSWORD:-}",
      description = "Its password; better given as $$MILLRACE_DIMENSIONS_PASSWORD.")
  private String dimensionsPassword = "";

  @Option(
      names = "--dimensions-anew",
      description =
          "Empty the tables of dimensions and begin their history again with what the database"
              + " holds now.")
  private boolean dimensionsAnew;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "10s",
      description =
          "Time between two checkpoints, and so between two commits to the lake"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration checkpointInterval = PlatformOptions.DEFAULT_CHECKPOINT_INTERVAL;

  @Option(
      names = "--maintain-every",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "1h",
      description =
          "Time between two rounds of \"millrace maintain\" on the tables; 0s for none, where"
              + " something else maintains them (default: ${DEFAULT-VALUE}).")
  private Duration maintainEvery = PlatformOptions.DEFAULT_MAINTAIN_EVERY;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "2",
      description = "Subtasks of the pipeline (default: ${DEFAULT-VALUE}).")
  private int parallelism = PlatformOptions.DEFAULT_PARALLELISM;

  @Option(
      names = "--geo",
      paramLabel = "FILE",
      description = "MMDB database of countries; without one, events carry no country.")
  private Path geo;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Make write keys for this tenant; may be repeated (default: default).")
  private List<String> tenants = List.of(LocalKeys.DEFAULT_TENANT);

  @Option(
      names = "--own-host",
      paramLabel = "TENANT=HOST",
      description =
          "A site of the tenant's own, whose links are no referrals; may be repeated, and is"
              + " kept. A page's own site always is one.")
  private List<String> ownHosts = List.of();

  @Option(
      names = "--trusted-proxy",
      paramLabel = "CIDR",
      description =
          "A proxy before the gateway whose word about a sender's address counts, such as"
              + " 127.0.0.1 or 10.0.0.0/8; may be repeated (default: none).")
  private List<String> trustedProxies = List.of();

  @Option(
      names = "--proxy-header",
      paramLabel = "HEADER",
      defaultValue = "x-forwarded-for",
      description =
          "The header those proxies write: x-forwarded-for or forwarded (default:"
              + " ${DEFAULT-VALUE}).")
  private String proxyHeader = "x-forwarded-for";

  @Mixin private MailOptions mail = new MailOptions();

  private Optional<SmtpServer> smtp() {
    try {
      return mail.server();
    } catch (IllegalArgumentException e) {
      throw new PlatformException(ExitCode.USAGE, "Cannot start: " + e.getMessage(), e);
    }
  }

  private AccessOptions access() {
    try {
      return AccessOptions.DEFAULT.behind(
          trustedProxies, TrustedProxies.Header.ofName(proxyHeader));
    } catch (IllegalArgumentException e) {
      throw new PlatformException(ExitCode.USAGE, "Cannot start: " + e.getMessage(), e);
    }
  }

  private Map<String, Set<String>> ownHosts() {
    Map<String, Set<String>> hosts = new TreeMap<>();
    for (String given : ownHosts) {
      int equals = given.indexOf('=');
      if (equals < 1 || equals == given.length() - 1) {
        throw new PlatformException(
            ExitCode.USAGE,
            "Cannot start: --own-host is '"
                + given
                + "'; give a tenant and a host, for example default=example.org");
      }
      hosts
          .computeIfAbsent(given.substring(0, equals), tenant -> new TreeSet<>())
          .add(given.substring(equals + 1));
    }
    return hosts;
  }

  private PlatformOptions.Dimensions dimensions() {
    try {
      return new PlatformOptions.Dimensions(
          Optional.ofNullable(dimensions)
              .map(
                  url ->
                      DimensionSource.at(
                          url, dimensionsUser, dimensionsPassword, dimensionsSchema)),
          dimensionsAnew ? DimensionsFollower.Start.ANEW : DimensionsFollower.Start.GO_ON);
    } catch (IllegalArgumentException e) {
      throw new PlatformException(ExitCode.USAGE, "Cannot start: " + e.getMessage(), e);
    }
  }

  /** The options of a platform on the given folder. */
  public PlatformOptions on(Path data) {
    if ((catalog == null) != (warehouse == null)) {
      throw new PlatformException(
          ExitCode.USAGE,
          "Cannot start: only one of --catalog and --warehouse is given; give both or neither,"
              + " since a catalog without its files is no lake");
    }
    return new PlatformOptions(
        data,
        new PlatformOptions.Ports(
            gatewayPort, kafkaPort, redisPort, postgresPort, flinkPort, sqlPort),
        new PlatformOptions.External(
            Optional.ofNullable(kafka),
            Optional.ofNullable(redis),
            Optional.ofNullable(catalog)
                .map(url -> new LakeCatalog(url, catalogUser, catalogPassword, warehouse)),
            dimensions(),
            smtp()),
        checkpointInterval,
        parallelism,
        Optional.ofNullable(geo),
        tenants,
        ownHosts(),
        maintainEvery,
        access());
  }
}
