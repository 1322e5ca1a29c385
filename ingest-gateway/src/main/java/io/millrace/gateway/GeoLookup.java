package io.millrace.gateway;

import io.millrace.domain.geo.Place;
import java.net.InetAddress;
import java.util.Optional;

/** Finds the place of an address. */
@FunctionalInterface
public interface GeoLookup {
  /** For gateways without a geo database. */
  GeoLookup NONE = address -> Optional.empty();

  /** Does not block and asks no other server. */
  Optional<Place> lookup(InetAddress address);
}
