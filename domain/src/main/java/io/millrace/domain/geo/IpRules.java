package io.millrace.domain.geo;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Reads addresses without ever asking a name server, and shortens them to what may be kept. */
public final class IpRules {
  private static final int IPV4_PREFIX_BYTES = 3;
  private static final int IPV6_PREFIX_BYTES = 6;
  private static final int MAX_LENGTH = 64;

  private IpRules() {}

  /**
   * The network that stands for an address in everything stored: IPv4 /24 ({@code 81.2.69.0/24}) or
   * IPv6 /48 ({@code 2001:218::/48}).
   */
  public static String prefix(InetAddress address) {
    byte[] bytes = unmapped(address).getAddress();
    int kept = bytes.length == 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
    Arrays.fill(bytes, kept, bytes.length, (byte) 0);
    return InetAddresses.toAddrString(ofBytes(bytes)) + '/' + kept * 8;
  }

  /**
   * The address that {@code text} writes out, with or without a port: {@code 81.2.69.142}, {@code
   * 81.2.69.142:443}, {@code 2001:218::1}, {@code [2001:218::1]:443}. Empty for anything else,
   * names too.
   */
  public static Optional<InetAddress> parse(String text) {
    if (text == null || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String address = withoutPort(text.strip());
    return InetAddresses.isInetAddress(address)
        ? Optional.of(unmapped(InetAddresses.forString(address)))
        : Optional.empty();
  }

  private static String withoutPort(String text) {
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      return close < 0 ? "" : text.substring(1, close);
    }
    int colon = text.indexOf(':');
    boolean oneColon = colon >= 0 && text.indexOf(':', colon + 1) < 0;
    return oneColon ? text.substring(0, colon) : text;
  }

  /** The IPv4 address inside {@code ::ffff:a.b.c.d}, and any other address as it is. */
  static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address || !InetAddresses.isMappedIPv4Address(text(address))) {
      return address;
    }
    return ofBytes(Arrays.copyOfRange(bytes, 12, 16));
  }

  private static String text(InetAddress address) {
    return InetAddresses.toAddrString(address);
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address has 4 or 16 bytes, not " + bytes.length, e);
    }
  }
}
