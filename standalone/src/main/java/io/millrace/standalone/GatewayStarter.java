package io.millrace.standalone;

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
   * @param keysFile the hashes of the write keys
   * @param geoDatabase an MMDB file, if there is one
   * @param spool folder for events while Kafka is away
   */
  record Place(
      String kafkaBootstrap, int port, Path keysFile, Optional<Path> geoDatabase, Path spool) {}

  /** A gateway that answers. */
  interface Gateway extends AutoCloseable {
    URI url();
  }

  Gateway start(Place place) throws Exception;
}
