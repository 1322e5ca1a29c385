package io.millrace.standalone;

import io.millrace.alerts.send.SmtpServer;
import io.millrace.gateway.access.AccessOptions;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.standalone.dimensions.DimensionsFollower;
import io.millrace.standalone.server.LakeCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a platform is started.
 *
 * @param data folder of everything that lasts
 * @param ports of our own servers
 * @param external servers to use in place of our own
 * @param checkpointInterval time between two checkpoints, and so between two commits to the lake
 * @param parallelism subtasks of the pipeline
 * @param geoDatabase an MMDB file for countries, if there is one
 * @param tenants who has write keys
 * @param ownHosts the tenants' own sites, whose links are no referrals; those of other tenants are
 *     kept as they were
 * @param maintainEvery time between two rounds of maintenance of the tables; zero for none
 * @param access whom the gateway believes, and what it endures from one address
 */
public record PlatformOptions(
    Path data,
    Ports ports,
    External external,
    Duration checkpointInterval,
    int parallelism,
    Optional<Path> geoDatabase,
    List<String> tenants,
    Map<String, Set<String>> ownHosts,
    Duration maintainEvery,
    AccessOptions access) {

  /** Ports on 127.0.0.1; 0 is the one of last time, or any free one. */
  public record Ports(int gateway, int kafka, int redis, int postgres, int flink, int sql) {
    public static final Ports ANY = new Ports(0, 0, 0, 0, 0, 0);
  }

  /**
   * Real servers; where one is given, ours is not started.
   *
   * @param smtp takes the mail of alerts; there is none of our own
   */
  public record External(
      Optional<String> kafkaBootstrap,
      Optional<String> redisUri,
      Optional<LakeCatalog> lake,
      Dimensions dimensions,
      Optional<SmtpServer> smtp) {
    public static final External NONE =
        new External(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Dimensions(Optional.empty(), DimensionsFollower.Start.GO_ON),
            Optional.empty());
  }

  /**
   * What describes links, products, profiles and owners.
   *
   * @param source a database of the user's own; without one, the sample schema in our Postgres
   * @param start whether their history goes on
   */
  public record Dimensions(Optional<DimensionSource> source, DimensionsFollower.Start start) {}

  public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
  public static final Duration DEFAULT_MAINTAIN_EVERY = Duration.ofHours(1);
  public static final int DEFAULT_PARALLELISM = 2;

  public PlatformOptions {
    if (checkpointInterval.toMillis() < 100) {
      throw new PlatformException(
          ExitCode.USAGE,
          "Cannot start: the checkpoint interval is "
              + checkpointInterval.toMillis()
              + " ms; give at least 100 ms, for example 10s");
    }
    if (parallelism < 1 || parallelism > 128) {
      throw new PlatformException(
          ExitCode.USAGE, "Cannot start: the parallelism is " + parallelism + "; give 1 to 128");
    }
    geoDatabase.ifPresent(
        file -> {
          if (!file.toFile().canRead()) {
            throw new PlatformException(
                ExitCode.USAGE,
                "Cannot start: the geo database "
                    + file
                    + " cannot be read; give an MMDB file, or leave it out");
          }
        });
    data = data.toAbsolutePath().normalize();
    tenants = List.copyOf(tenants);
  }

  /** The same for other tenants. */
  public PlatformOptions withTenants(List<String> others) {
    return new PlatformOptions(
        data,
        ports,
        external,
        checkpointInterval,
        parallelism,
        geoDatabase,
        others,
        ownHosts,
        maintainEvery,
        access);
  }

  /** Everything our own, on any ports, for one tenant. */
  public static PlatformOptions defaults(Path data) {
    return new PlatformOptions(
        data,
        Ports.ANY,
        External.NONE,
        DEFAULT_CHECKPOINT_INTERVAL,
        DEFAULT_PARALLELISM,
        Optional.empty(),
        List.of(LocalKeys.DEFAULT_TENANT),
        Map.of(),
        DEFAULT_MAINTAIN_EVERY,
        AccessOptions.DEFAULT);
  }
}
