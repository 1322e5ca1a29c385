package io.millrace.domain.url;

import java.net.IDN;
import java.util.Locale;

/**
 * The parts of a URL as it was sent, cut apart without decoding and without ever refusing one.
 *
 * <p>Page and referrer URLs come from browsers, logs and crawlers; a good part of them is not valid
 * by any standard, and every one of them must still give a page path. So this cuts at the first
 * {@code #}, {@code ?} and {@code /} and leaves the rest as it is.
 *
 * @param scheme lower case; empty for a relative URL
 * @param host lower case, in its ASCII form, without user, port and final dot; empty when there is
 *     none
 * @param path still percent-encoded; {@code /} when the URL has none
 * @param query without the question mark, still percent-encoded; empty when there is none
 */
public record WebUrl(String scheme, String host, String path, String query) {
  private static final WebUrl EMPTY = new WebUrl("", "", "/", "");

  /** The parts of {@code url}; those of an empty URL for null. */
  public static WebUrl parse(String url) {
    if (url == null) {
      return EMPTY;
    }

    int start = 0;
    int end = url.length();
    while (start < end && url.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && url.charAt(end - 1) <= ' ') {
      end--;
    }
    int hash = url.indexOf('#', start);
    if (hash >= 0 && hash < end) {
      end = hash;
    }
    int question = url.indexOf('?', start);
    int pathEnd = question >= 0 && question < end ? question : end;
    String query = pathEnd < end ? url.substring(pathEnd + 1, end) : "";

    int colon = schemeEnd(url, start, pathEnd);
    String scheme = colon < 0 ? "" : url.substring(start, colon).toLowerCase(Locale.ROOT);
    int pathStart = colon < 0 ? start : colon + 1;
    String host = "";
    if (pathEnd - pathStart >= 2
        && url.charAt(pathStart) == '/'
        && url.charAt(pathStart + 1) == '/') {
      int slash = url.indexOf('/', pathStart + 2);
      int authorityEnd = slash >= 0 && slash < pathEnd ? slash : pathEnd;
      host = host(url.substring(pathStart + 2, authorityEnd));
      pathStart = authorityEnd;
    }
    String path = pathStart < pathEnd ? url.substring(pathStart, pathEnd) : "/";
    return new WebUrl(scheme, host, path, query);
  }

  /** Where the colon after the scheme stands, or -1. */
  private static int schemeEnd(String url, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = url.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (c == ':') {
        return i > start ? i : -1;
      }
      boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == start || !later)) {
        return -1;
      }
    }
    return -1;
  }

  private static String host(String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.startsWith("[")) {
      int close = host.indexOf(']');
      return host.substring(1, close < 0 ? host.length() : close).toLowerCase(Locale.ROOT);
    }

    int port = host.indexOf(':');
    if (port >= 0) {
      host = host.substring(0, port);
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    return ascii(host).toLowerCase(Locale.ROOT);
  }

  private static String ascii(String host) {
    if (host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException | IndexOutOfBoundsException notADomain) {
      // Kept as it was sent: it is still the best name there is for where the visitor came from.
      return host;
    }
  }
}
