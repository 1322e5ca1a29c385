package io.millrace.gateway.access;

import java.util.List;
import java.util.Objects;

/**
 * Whom the gateway believes, and what it endures from one address.
 *
 * @param proxies who may say for whom a request is sent
 * @param perAddress requests of one client address; not for server-side and historical keys
 */
public record AccessOptions(TrustedProxies proxies, Rate perAddress) {
  /** No proxy; an office or a mobile network behind one address is far below the rate. */
  public static final AccessOptions DEFAULT =
      new AccessOptions(TrustedProxies.NONE, new Rate(500, 2000));

  public AccessOptions {
    Objects.requireNonNull(proxies, "proxies");
    Objects.requireNonNull(perAddress, "perAddress");
  }

  /** The same behind proxies: networks such as {@code 10.0.0.0/8}, and the header they write. */
  public AccessOptions behind(List<String> cidrs, TrustedProxies.Header header) {
    return new AccessOptions(TrustedProxies.of(cidrs, header), perAddress);
  }
}
