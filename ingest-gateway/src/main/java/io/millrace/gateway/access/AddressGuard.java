package io.millrace.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;

/**
 * Limits what one client address may send, with bounded memory: the addresses seen least are
 * forgotten first, and a forgotten one starts afresh.
 */
final class AddressGuard {
  private static final int MAX_ADDRESSES = 65_536;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final Rate rate;
  private final Cache<Long, TokenBucket> buckets =
      Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).build();

  AddressGuard(Rate rate) {
    this.rate = rate;
  }

  Rate rate() {
    return rate;
  }

  /**
   * As {@link TokenBucket#take}, for one request. Loopback is let through: there sits the operator,
   * or a proxy that nobody named, and limiting that would limit everybody at once.
   */
  long take(InetAddress client, long nowNanos) {
    if (client.isLoopbackAddress()) {
      return rate.burst();
    }
    return buckets
        .get(number(client), address -> new TokenBucket(nowNanos))
        .take(1, rate, nowNanos);
  }

  /** An IPv4 address, or the /64 of an IPv6 address, all of which one sender can have. */
  static long number(InetAddress address) {
    byte[] bytes = address.getAddress();
    long number = 0;
    for (int i = 0; i < Math.min(bytes.length, IPV6_NETWORK_BYTES); i++) {
      number = number << 8 | bytes[i] & 0xFF;
    }
    return number;
  }

  /** For tests: how many addresses it remembers. */
  long size() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }
}
