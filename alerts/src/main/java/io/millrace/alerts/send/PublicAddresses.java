package io.millrace.alerts.send;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses are on the public internet, by IANA's registries of special addresses. Of IPv6
 * only what is handed out counts, 2000::/3, without what leads to IPv4 addresses in disguise.
 */
final class PublicAddresses {
  private static final List<Network> SPECIAL_IPV4 =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");
  private static final Network HANDED_OUT_IPV6 = Network.of("2000::/3");
  private static final List<Network> SPECIAL_IPV6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private PublicAddresses() {}

  static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return SPECIAL_IPV4.stream().noneMatch(network -> network.contains(bytes));
    }
    return HANDED_OUT_IPV6.contains(bytes)
        && SPECIAL_IPV6.stream().noneMatch(network -> network.contains(bytes));
  }

  private static List<Network> networks(String... texts) {
    return List.of(texts).stream().map(Network::of).toList();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Network(byte[] start, int bits) {
    static Network of(String text) {
      String[] parts = text.split("/");
      return new Network(
          InetAddresses.forString(parts[0]).getAddress(), Integer.parseInt(parts[1]));
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((start[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
