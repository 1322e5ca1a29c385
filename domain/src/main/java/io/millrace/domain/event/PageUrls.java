package io.millrace.domain.event;

import java.util.Locale;
import java.util.Set;

/** Which page addresses are taken: web pages, screens of apps, and relative ones. */
final class PageUrls {
  private static final Set<String> SCHEMES = Set.of("http", "https", "app");

  private PageUrls() {}

  static void requireAllowed(String url) throws RefusedException {
    String scheme = scheme(url);
    if (scheme != null && !SCHEMES.contains(scheme)) {
      throw new RefusedException(
          Refusal.INVALID_URL,
          "pageUrl has the scheme \""
              + EventText.shown(scheme)
              + "\"; http, https, app and relative addresses are allowed",
          null);
    }
  }

  /**
   * What stands before the first colon, if that is before any slash, question mark or hash. Blanks
   * and control characters do not count, since browsers run {@code java\nscript:} too.
   */
  private static String scheme(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == ':') {
        return withoutBlanks(url, i).toLowerCase(Locale.ROOT);
      }
      if (c == '/' || c == '?' || c == '#') {
        return null;
      }
    }
    return null;
  }

  private static String withoutBlanks(String url, int end) {
    StringBuilder scheme = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      if (url.charAt(i) > ' ') {
        scheme.append(url.charAt(i));
      }
    }
    return scheme.toString();
  }
}
