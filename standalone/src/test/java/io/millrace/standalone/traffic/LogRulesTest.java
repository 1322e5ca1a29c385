package io.millrace.standalone.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRulesTest {
  @ParameterizedTest(name = "{0} {1} {2} is {3}")
  @CsvSource({
    "GET, /, 200, page_view",
    "GET, /2015/08/10/apache-drill/, 200, page_view",
    "GET, /index.php?page=2, 200, page_view",
    "GET, /page.html#top, 304, page_view",
    "GET, http://other.example/page?x=/a.css, 200, page_view",
    "GET, /?s=spark, 200, search_query",
    "GET, /search?lang=en&q=spark, 200, search_query",
    "GET, /m/search/380?query=x, 200, search_query",
    "GET, /search.php?q=, 200, search_query",
    "GET, /research?q=spark, 200, page_view",
    "GET, /article?s=1, 200, page_view",
    "GET, /search, 200, page_view",
    "GET, /gone, 404, api_error",
    "POST, /api/order, 500, api_error",
    "POST, /wp-comments-post.php, 302, form_submit",
    "POST, /contact, 200, form_submit",
    "GET, /old, 301, REDIRECT",
    "HEAD, /, 200, METHOD",
    "OPTIONS, /, 200, METHOD",
    "PUT, /a, 200, METHOD",
    "'', '', 400, NO_REQUEST",
    "GET, /a/style.CSS?ver=4.4, 200, STATIC_ASSET",
    "GET, /logo.png, 404, STATIC_ASSET",
    "GET, /files/report.pdf, 200, STATIC_ASSET",
    "GET, /robots.txt, 200, CRAWLER_FILE",
    "GET, /favicon.ico, 200, CRAWLER_FILE",
    "GET, /apple-touch-icon-120x120.png, 404, CRAWLER_FILE",
    "GET, /sitemap.xml.gz, 404, CRAWLER_FILE",
    "GET, /feed/, 200, FEED",
    "GET, /comments/feed/atom/, 200, FEED",
    "GET, /blog/index.rss, 200, FEED",
    "GET, /health/ready, 200, HEALTH_CHECK",
    "GET, /api/healthz, 200, HEALTH_CHECK",
    "GET, /health-food/, 200, page_view",
    "GET, /wp-login.php?redirect_to=%2F, 200, INTERNAL_CALL",
    "POST, /login, 401, INTERNAL_CALL",
    "POST, /wp-cron.php?doing_wp_cron=1, 200, INTERNAL_CALL",
    "GET, /wp-json/oembed/1.0/embed?url=x, 200, INTERNAL_CALL",
  })
  void decidesByTheFirstRuleThatFits(String method, String target, int status, String expected) {
    LogLine line = new LogLine("192.0.2.7", 0, method, target, status, "", "");

    LogRules.Decision decision = LogRules.decide(line);

    String found = decision.leftOut() == null ? decision.eventType() : decision.leftOut().name();
    assertThat(found).isEqualTo(expected);
  }
}
