package io.millrace.standalone.traffic;

import java.util.Locale;
import java.util.Set;

/**
 * Decides what a request in an access log says about a visitor: an event of some type, or nothing.
 *
 * <p>The first rule that fits decides:
 *
 * <ol>
 *   <li>no HTTP request (TLS on a plain port, an empty connection), or a method other than GET and
 *       POST: left out
 *   <li>{@code robots.txt}, {@code ads.txt}, {@code favicon.ico}, sitemaps; static assets and
 *       downloads by extension; feeds; health checks; log-in, admin, cron and the site's internal
 *       calls: left out, whatever the status
 *   <li>status 400 or above: {@code api_error}
 *   <li>POST: {@code form_submit}, also when it ends in a redirect
 *   <li>another redirect (3xx except 304): left out, because the page it leads to has its own line
 *   <li>on-site search, that is {@code q=}, {@code s=} or {@code query=} on the front page or below
 *       a path segment {@code search} or {@code find}: {@code search_query}
 *   <li>anything else: {@code page_view}
 * </ol>
 */
final class LogRules {
  private static final Set<String> STATIC_EXTENSIONS =
      Set.of(
          "css", "js", "mjs", "map", "json", "wasm", "png", "jpg", "jpeg", "gif", "svg", "webp",
          "avif", "ico", "bmp", "tif", "tiff", "woff", "woff2", "ttf", "eot", "otf", "mp3", "mp4",
          "m4a", "m4v", "mov", "avi", "webm", "ogg", "wav", "swf", "pdf", "zip", "gz", "tgz", "bz2",
          "xz", "7z", "rar", "jar", "exe", "dmg", "txt", "xml", "csv");

  private static final Set<String> FEED_NAMES = Set.of("feed", "feeds", "rss", "rss2", "atom");

  private static final Set<String> HEALTH_NAMES =
      Set.of(
          "health",
          "healthz",
          "healthcheck",
          "health-check",
          "livez",
          "readyz",
          "ping",
          "server-status");

  private static final Set<String> INTERNAL_SEGMENTS =
      Set.of(
          "login",
          "log-in",
          "signin",
          "sign-in",
          "logout",
          "wp-login.php",
          "wp-admin",
          "wp-cron.php",
          "cron.php",
          "xmlrpc.php",
          "wp-json",
          "wp-content",
          "wp-includes");

  private LogRules() {}

  /** What the line is: exactly one of the two is set. */
  record Decision(String eventType, LeftOut leftOut) {
    private static Decision event(String type) {
      return new Decision(type, null);
    }

    private static Decision leave(LeftOut reason) {
      return new Decision(null, reason);
    }
  }

  static Decision decide(LogLine line) {
    if (line.method().isEmpty()) {
      return Decision.leave(LeftOut.NO_REQUEST);
    }
    if (!line.method().equals("GET") && !line.method().equals("POST")) {
      return Decision.leave(LeftOut.METHOD);
    }
    String path = pathOf(line.target()).toLowerCase(Locale.ROOT);
    LeftOut noPage = noPage(path);
    if (noPage != null) {
      return Decision.leave(noPage);
    }
    if (line.status() >= 400) {
      return Decision.event("api_error");
    }
    if (line.method().equals("POST")) {
      return Decision.event("form_submit");
    }
    if (line.status() >= 300 && line.status() != 304) {
      return Decision.leave(LeftOut.REDIRECT);
    }
    return Decision.event(isSearch(path, line.target()) ? "search_query" : "page_view");
  }

  private static LeftOut noPage(String path) {
    String[] segments = path.split("/");
    String last = segments.length == 0 ? "" : segments[segments.length - 1];
    if (last.equals("robots.txt")
        || last.equals("ads.txt")
        || last.startsWith("favicon.")
        || last.startsWith("apple-touch-icon")
        || (last.contains("sitemap") && (last.endsWith(".xml") || last.endsWith(".xml.gz")))) {
      return LeftOut.CRAWLER_FILE;
    }
    int dot = last.lastIndexOf('.');
    String extension = dot < 0 ? "" : last.substring(dot + 1);
    if (FEED_NAMES.contains(last) || extension.equals("rss") || extension.equals("atom")) {
      return LeftOut.FEED;
    }
    if (STATIC_EXTENSIONS.contains(extension)) {
      return LeftOut.STATIC_ASSET;
    }
    if (HEALTH_NAMES.contains(last) || (segments.length > 1 && segments[1].equals("health"))) {
      return LeftOut.HEALTH_CHECK;
    }
    for (String segment : segments) {
      if (INTERNAL_SEGMENTS.contains(segment)) {
        return LeftOut.INTERNAL_CALL;
      }
      if (segment.equals("feed")) {
        return LeftOut.FEED; // /feed/atom/, /feed/podcast/
      }
    }
    return null;
  }

  private static boolean isSearch(String path, String target) {
    int question = target.indexOf('?');
    if (question < 0) {
      return false;
    }
    if (!isSearchPath(path)) {
      return false;
    }
    for (String parameter : target.substring(question + 1).split("&")) {
      if (parameter.startsWith("q=")
          || parameter.startsWith("s=")
          || parameter.startsWith("query=")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSearchPath(String path) {
    if (path.isEmpty() || path.equals("/") || path.equals("/index.php")) {
      return true;
    }
    for (String segment : path.split("/")) {
      int dot = segment.indexOf('.');
      String name = dot < 0 ? segment : segment.substring(0, dot); // search.php, search.html
      if (name.equals("search") || name.equals("find")) {
        return true;
      }
    }
    return false;
  }

  private static String pathOf(String target) {
    String path = target;
    if (target.startsWith("http://") || target.startsWith("https://")) {
      int slash = target.indexOf('/', target.indexOf("//") + 2);
      path = slash < 0 ? "/" : target.substring(slash);
    }
    int end = path.length();
    for (char c : new char[] {'?', '#'}) {
      int at = path.indexOf(c);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return path.substring(0, end);
  }
}
