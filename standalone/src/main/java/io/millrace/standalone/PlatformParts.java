package io.millrace.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.definitions.InvalidDefinitionsException;
import io.millrace.domain.geo.GeoDatabase;
import io.millrace.gateway.GatewayOptions;
import io.millrace.gateway.GeoLookup;
import io.millrace.gateway.IngestGateway;
import io.millrace.gateway.access.DailyQuota;
import io.millrace.gateway.access.PostgresKeys;
import io.millrace.gateway.privacy.FileSaltStore;
import io.millrace.gateway.spool.SpoolOptions;
import io.millrace.jobs.anomalies.AnomalyOptions;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.programs.AnomaliesGraph;
import io.millrace.jobs.programs.ConversionsGraph;
import io.millrace.jobs.programs.IngestGraph;
import io.millrace.jobs.programs.MetricsGraph;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.standalone.pipeline.Pipeline;
import io.millrace.standalone.pipeline.StreamPipeline;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** What the {@code millrace} command runs in its platform: the one place where it is chosen. */
public final class PlatformParts {
  /** For some 700,000 events; the disk has about as much left when the platform starts. */
  static final long MAX_SPOOL_BYTES = 512L << 20;

  private PlatformParts() {}

  /** The jobs joined into one graph. */
  public static Optional<Pipeline> pipeline(PlatformOptions options) {
    Path config = new DataFolder(options.data()).config();
    return Optional.of(
        (env, addresses) -> {
          try {
            new StreamPipeline(
                    new IngestGraph(
                        OwnHosts.of(OwnHostsFile.remember(config, options.ownHosts())),
                        SessionOptions.DEFAULT),
                    new MetricsGraph(MetricOptions.DEFAULT),
                    new AnomaliesGraph(AnomalyOptions.DEFAULT, config.resolve("alerts")),
                    new ConversionsGraph(ConversionOptions.DEFAULT, config.resolve("definitions")))
                .define(env, addresses);
          } catch (InvalidDefinitionsException e) {
            throw new PlatformException(ExitCode.REFUSED_INPUT, e.getMessage(), e);
          }
        });
  }

  /** The ingest gateway. */
  public static Optional<GatewayStarter> gateway() {
    return Optional.of(PlatformParts::startGateway);
  }

  private static GatewayStarter.Gateway startGateway(GatewayStarter.Place place) {
    Clock clock = Clock.systemUTC();
    Optional<GeoDatabase> geo = place.geoDatabase().map(GeoDatabase::open);
    DailyQuota quota = new DailyQuota();
    PostgresKeys keys = PostgresKeys.start(place.keys(), quota, clock);
    IngestGateway gateway;
    try {
      gateway =
          IngestGateway.start(
              GatewayOptions.builder(place.kafkaBootstrap())
                  .host("127.0.0.1")
                  .port(place.port())
                  .access(place.access())
                  .spool(new SpoolOptions(place.spool(), MAX_SPOOL_BYTES))
                  .build(),
              keys,
              quota,
              geo.map(database -> (GeoLookup) database::lookup).orElse(GeoLookup.NONE),
              tenant -> keys.settings(tenant).policy(),
              new FileSaltStore(place.salts()),
              clock);
    } catch (RuntimeException e) {
      keys.close();
      throw e;
    }
    return new RunningGateway(URI.create("http://127.0.0.1:" + gateway.port()), gateway, keys, geo);
  }

  private record RunningGateway(
      URI url, IngestGateway gateway, PostgresKeys keys, Optional<GeoDatabase> geo)
      implements GatewayStarter.Gateway {
    @Override
    public MeterRegistry meters() {
      return gateway.meters();
    }

    @Override
    public void close() throws Exception {
      gateway.close();
      keys.close();
      if (geo.isPresent()) {
        geo.get().close();
      }
    }
  }
}
