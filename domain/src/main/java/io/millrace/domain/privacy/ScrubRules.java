package io.millrace.domain.privacy;

import io.millrace.domain.url.QueryString;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Removes what must not be kept from URLs and texts: values of secret parameters, mail addresses,
 * and the user and password of a URL. Everything else stays letter by letter, and a text without
 * any of these is returned as the same object. Doing it twice changes nothing.
 */
public final class ScrubRules {
  static final String REMOVED = "(removed)";
  private static final int MAX_NESTING = 2;
  private static final SecretParameters SECRETS = SecretParameters.shared();

  private ScrubRules() {}

  /** A URL, or a text with URLs in it, without secrets. */
  public static String url(String url) {
    return url(url, 0);
  }

  private static String url(String url, int nesting) {
    if (url == null || !mayHoldSecrets(url)) {
      return url;
    }
    String scrubbed = withoutUserInfo(url);
    scrubbed = withoutSecretValues(scrubbed, nesting);
    return MailAddresses.remove(scrubbed);
  }

  /** A text without mail addresses. */
  public static String text(String text) {
    return text == null || !mayHoldSecrets(text) ? text : MailAddresses.remove(text);
  }

  /** Whether a text of unknown meaning is a URL, or has one in it. */
  static boolean looksLikeUrl(String text) {
    return text.startsWith("/")
        || text.startsWith("?")
        || text.contains("://")
        || text.regionMatches(true, 0, "mailto:", 0, 7);
  }

  /** A look at each character, which is all that most texts ever get. */
  static boolean mayHoldSecrets(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '?' || c == '@' || c == '#' || c == ';') {
        return true;
      }
      if (c == '%' && (text.startsWith("%40", i) || text.startsWith("%2540", i))) {
        return true;
      }
    }
    return false;
  }

  private static String withoutUserInfo(String url) {
    String scrubbed = url;
    int slashes = scrubbed.startsWith("//") ? 0 : nextAuthority(scrubbed, 0);
    while (slashes >= 0) {
      int start = slashes + 2;
      int at = -1;
      int i = start;
      for (; i < scrubbed.length() && !endsAuthority(scrubbed.charAt(i)); i++) {
        if (scrubbed.charAt(i) == '@') {
          at = i;
        }
      }
      if (at >= 0) {
        scrubbed = scrubbed.substring(0, start) + scrubbed.substring(at + 1);
        i -= at + 1 - start;
      }
      slashes = nextAuthority(scrubbed, i);
    }
    return scrubbed;
  }

  private static int nextAuthority(String url, int from) {
    int colon = url.indexOf("://", from);
    return colon < 0 ? -1 : colon + 1;
  }

  private static boolean endsAuthority(char c) {
    return c == '/' || c == '?' || c == '#' || c == '\\' || endsUrl(c);
  }

  /** What stands behind a URL that is part of a text. */
  private static boolean endsUrl(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>';
  }

  /** Looks at all that has the form of a parameter: in the path, the query and the fragment. */
  private static String withoutSecretValues(String url, int nesting) {
    StringBuilder out = null;
    int copied = 0;
    boolean inPath = true;
    for (int i = 0; i < url.length(); i++) {
      char separator = url.charAt(i);
      inPath &= separator != '?' && separator != '#';
      if (separator != '?' && separator != '#' && separator != '&' && separator != ';') {
        continue;
      }
      int equals = nameEnd(url, i + 1);
      if (equals == url.length() || url.charAt(equals) != '=') {
        continue;
      }
      int end = valueEnd(url, equals + 1, inPath);
      String value = url.substring(equals + 1, end);
      String kept =
          SECRETS.holds(url.substring(i + 1, equals), url)
              ? value.isEmpty() ? value : REMOVED
              : nested(value, nesting);
      if (!kept.equals(value)) {
        out = out == null ? new StringBuilder(url.length()) : out;
        out.append(url, copied, equals + 1).append(kept);
        copied = end;
        i = end - 1;
      }
    }
    return out == null ? url : out.append(url, copied, url.length()).toString();
  }

  private static int nameEnd(String url, int from) {
    int i = from;
    while (i < url.length() && "=&#?;/".indexOf(url.charAt(i)) < 0 && !endsUrl(url.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int valueEnd(String url, int from, boolean inPath) {
    int i = from;
    while (i < url.length()) {
      char c = url.charAt(i);
      if (c == '&' || c == '#' || endsUrl(c) || (inPath && (c == '/' || c == '?' || c == ';'))) {
        break;
      }
      i++;
    }
    return i;
  }

  /** The value of a harmless parameter may itself be a URL: {@code next=%2Freset%3Ftoken%3Dabc}. */
  private static String nested(String value, int nesting) {
    if (nesting == MAX_NESTING || value.indexOf('%') < 0) {
      return value;
    }
    String decoded = QueryString.decode(value);
    if (!looksLikeUrl(decoded)) {
      return value;
    }
    String scrubbed = url(decoded, nesting + 1);
    return scrubbed.equals(decoded) ? value : URLEncoder.encode(scrubbed, StandardCharsets.UTF_8);
  }
}
