package io.millrace.gateway.access;

import com.google.common.net.InternetDomainName;
import java.net.IDN;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The web sites whose pages may use a key: {@code https://example.com}, or with {@code
 * https://*.example.com} every site below it, at any depth and without itself. None given means
 * all.
 */
public final class AllowedOrigins {
  public static final AllowedOrigins ALL = new AllowedOrigins(List.of());

  private static final Pattern FORM =
      Pattern.compile("(https?)://(\\*\\.)?(\\[[0-9a-f:.]+]|[^/:?#@*\\[\\]\\s]+)(?::(\\d{1,5}))?");

  private final Set<String> exact = new HashSet<>();
  private final List<Below> below = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();

  /** Everything between the two is some subdomain. */
  private record Below(String scheme, String end) {}

  private AllowedOrigins(Collection<String> given) {
    given.forEach(this::add);
  }

  /** Checks each and brings it to the form in which browsers send it. */
  public static AllowedOrigins of(Collection<String> given) {
    return given.isEmpty() ? ALL : new AllowedOrigins(given);
  }

  private void add(String given) {
    Matcher parts = FORM.matcher(given.strip().toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw wrong(given, "it has no path and no user, and * only stands before a domain");
    }
    String scheme = parts.group(1) + "://";
    String host = host(given, parts.group(3));
    String port = parts.group(4);
    boolean usual = port == null || port.equals(scheme.equals("https://") ? "443" : "80");
    String end = host + (usual ? "" : ":" + port);
    if (parts.group(2) == null) {
      exact.add(scheme + end);
      texts.add(scheme + end);
    } else {
      requireOwnedDomain(given, host);
      below.add(new Below(scheme, "." + end));
      texts.add(scheme + "*." + end);
    }
  }

  private static String host(String given, String host) {
    if (host.startsWith("[")) {
      return host;
    }
    try {
      return IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException e) {
      throw wrong(given, "its host is no host name: " + e.getMessage());
    }
  }

  private static void requireOwnedDomain(String given, String host) {
    if (InternetDomainName.isValid(host) && InternetDomainName.from(host).isPublicSuffix()) {
      throw wrong(given, "everybody can have a site below " + host);
    }
  }

  private static IllegalArgumentException wrong(String given, String why) {
    return new IllegalArgumentException(
        "the origin is \""
            + given
            + "\": "
            + why
            + "; give https://example.com or https://*.example.com");
  }

  /**
   * Whether pages of this origin may use the key.
   *
   * @param origin what the browser sends as {@code Origin}
   */
  public boolean allow(String origin) {
    if (texts.isEmpty()) {
      return true;
    }
    String sent = origin.toLowerCase(Locale.ROOT); // as it is, when nothing is upper case
    if (exact.contains(sent)) {
      return true;
    }
    for (Below one : below) {
      int from = one.scheme().length();
      int to = sent.length() - one.end().length();
      if (to > from && sent.startsWith(one.scheme()) && sent.endsWith(one.end())) {
        // What stands for * is a name, so that no port, user or path gets in.
        return isName(sent, from, to);
      }
    }
    return false;
  }

  private static boolean isName(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      boolean dotInside = c == '.' && i > from && text.charAt(i - 1) != '.' && i < to - 1;
      if (!(dotInside || c == '-' || c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  /** As they are written down; empty when all are allowed. */
  public List<String> texts() {
    return List.copyOf(texts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AllowedOrigins origins && texts.equals(origins.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return texts.isEmpty() ? "all" : String.join(", ", texts);
  }
}
