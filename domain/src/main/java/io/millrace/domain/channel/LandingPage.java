package io.millrace.domain.channel;

import io.millrace.domain.url.QueryString;
import io.millrace.domain.url.WebUrl;
import java.util.Locale;

/**
 * What a page's URL says of the way to it.
 *
 * @param host lower case; empty for a relative URL
 * @param path still percent-encoded
 * @param utm campaign tags in the query
 * @param clickId the network whose click id is in the query, or null
 */
public record LandingPage(String host, String path, Utm utm, ClickId clickId) {

  public static LandingPage of(String pageUrl) {
    WebUrl url = WebUrl.parse(pageUrl);
    if (url.query().isEmpty()) {
      return new LandingPage(url.host(), url.path(), Utm.NONE, null);
    }

    Reader reader = new Reader();
    QueryString.forEach(url.query(), reader::accept);
    return new LandingPage(url.host(), url.path(), reader.utm(), reader.clickId);
  }

  /** Collects what counts; the first value that is not blank wins. */
  private static final class Reader {
    private String source;
    private String medium;
    private String campaign;
    private String term;
    private String content;
    private ClickId clickId;

    void accept(String name, String rawValue) {
      if (rawValue.isEmpty() || name.length() > 16) {
        return;
      }

      String lower = name.toLowerCase(Locale.ROOT);
      switch (lower) {
        case "utm_source" -> source = first(source, rawValue);
        case "utm_medium" -> medium = first(medium, rawValue);
        case "utm_campaign" -> campaign = first(campaign, rawValue);
        case "utm_term" -> term = first(term, rawValue);
        case "utm_content" -> content = first(content, rawValue);
        default -> {
          ClickId found = ClickId.ofParameter(lower);
          if (found != null) {
            clickId = ClickId.stronger(clickId, found);
          }
        }
      }
    }

    private static String first(String before, String rawValue) {
      if (before != null) {
        return before;
      }
      String value = QueryString.decode(rawValue).strip();
      return value.isEmpty() ? null : value;
    }

    Utm utm() {
      return new Utm(source, medium, campaign, term, content);
    }
  }
}
