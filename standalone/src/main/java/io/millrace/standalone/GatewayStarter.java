package io.millrace.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.gateway.access.AccessDatabase;
import io.millrace.gateway.access.AccessOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Starts the ingest gateway in this process. */
@FunctionalInterface
public interface GatewayStarter {
  /**
   * What the gateway is given.
   *
   * @param port on 127.0.0.1, known to be free
   * @param keys where the write keys are, up to date
   * @param access whom the gateway believes, and what it endures from one address
   * @param salts folder of the secret salts of visitors without cookies
   * @param geoDatabase an MMDB file, if there is one
   * @param spool folder for events while Kafka is away
   */
  record Place(
      String kafkaBootstrap,
      int port,
      AccessDatabase keys,
      AccessOptions access,
      Path salts,
      Optional<Path> geoDatabase,
      Path spool) {}

  /** A gateway that answers. */
  interface Gateway extends AutoCloseable {
    URI url();

    /** What its {@code /metrics} shows; others may add to it. */
    MeterRegistry meters();
  }

  Gateway start(Place place) throws Exception;
}
