package io.millrace.gateway.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.InetAddressPredicates;
import io.millrace.domain.geo.IpRules;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Knows whose word about a sender's address counts.
 *
 * <p>Each proxy adds to the header, at its right end, the address that it was called from. So the
 * header is read from the right as long as each address is a trusted proxy; the first that is none
 * is the client, and what stands left of it can be anybody's invention.
 */
public final class TrustedProxies {
  /** Which header the proxies write. Only one is read: a proxy passes the other on unread. */
  public enum Header {
    X_FORWARDED_FOR("x-forwarded-for"),
    FORWARDED("forwarded");

    private final String name;

    Header(String name) {
      this.name = name;
    }

    /** By its name in HTTP, in any case. */
    public static Header ofName(String name) {
      for (Header header : values()) {
        if (header.name.equalsIgnoreCase(name)) {
          return header;
        }
      }
      throw new IllegalArgumentException(
          "the proxies' header is \"" + name + "\"; give x-forwarded-for or forwarded");
    }
  }

  public static final TrustedProxies NONE = new TrustedProxies(List.of(), Header.X_FORWARDED_FOR);

  private final List<Predicate<InetAddress>> networks = new ArrayList<>();
  private final Header header;

  private TrustedProxies(List<String> cidrs, Header header) {
    this.header = header;
    for (String cidr : cidrs) {
      networks.add(network(cidr));
    }
  }

  /**
   * @param cidrs networks such as {@code 10.0.0.0/8}, or single addresses
   */
  public static TrustedProxies of(List<String> cidrs, Header header) {
    return new TrustedProxies(cidrs, header);
  }

  private static Predicate<InetAddress> network(String cidr) {
    int slash = cidr.indexOf('/');
    String text = slash < 0 ? cidr : cidr.substring(0, slash);
    Optional<InetAddress> base = hasNoPort(text) ? IpRules.parse(text) : Optional.empty();
    if (base.isPresent()) {
      int most = base.get().getAddress().length * 8;
      int bits = slash < 0 ? most : bits(cidr.substring(slash + 1));
      // A network of everybody would make every sender a proxy.
      if (bits >= 1 && bits <= most) {
        return InetAddressPredicates.ofCidr(base.get(), bits);
      }
    }
    throw new IllegalArgumentException(
        "the trusted proxy is \""
            + cidr
            + "\"; give a network such as 10.0.0.0/8 or 2001:db8::/32, or one address");
  }

  private static boolean hasNoPort(String text) {
    return !text.startsWith("[") && (text.indexOf('.') < 0 || text.indexOf(':') < 0);
  }

  private static int bits(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
  }

  /** The address of who sent the request. */
  public InetAddress client(InetAddress peer, RequestHeaders headers) {
    if (!isTrusted(peer)) {
      return peer;
    }
    InetAddress client = peer;
    List<String> chain = chain(headers);
    for (int i = chain.size() - 1; i >= 0; i--) {
      Optional<InetAddress> hop = IpRules.parse(chain.get(i));
      if (hop.isEmpty()) {
        return client; // "unknown" or rubbish: the last proxy is all that is known
      }
      client = hop.get();
      if (!isTrusted(client)) {
        return client;
      }
    }
    return client;
  }

  private boolean isTrusted(InetAddress address) {
    for (Predicate<InetAddress> network : networks) {
      if (network.test(address)) {
        return true;
      }
    }
    return false;
  }

  private List<String> chain(RequestHeaders headers) {
    List<String> chain = new ArrayList<>();
    if (header == Header.X_FORWARDED_FOR) {
      for (String line : headers.getAll(HttpHeaderNames.X_FORWARDED_FOR)) {
        chain.addAll(split(line, ','));
      }
    } else {
      for (String line : headers.getAll(HttpHeaderNames.FORWARDED)) {
        split(line, ',').forEach(element -> chain.add(forOf(element)));
      }
    }
    return chain;
  }

  /** The value of {@code for} in one element of {@code Forwarded}, empty without one. */
  private static String forOf(String element) {
    for (String pair : split(element, ';')) {
      String stripped = pair.strip();
      if (stripped.toLowerCase(Locale.ROOT).startsWith("for=")) {
        String value = stripped.substring(4).strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
      }
    }
    return "";
  }

  /** Splits outside of quotes. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
