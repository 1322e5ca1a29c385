package io.millrace.standalone.traffic;

/** Why a readable log line is no event. */
public enum LeftOut {
  NO_REQUEST("no HTTP request"),
  METHOD("method other than GET and POST"),
  STATIC_ASSET("static asset"),
  FEED("feed"),
  CRAWLER_FILE("robots.txt, sitemap or favicon"),
  HEALTH_CHECK("health check"),
  INTERNAL_CALL("log-in, admin, cron or internal call"),
  REDIRECT("redirect");

  private final String text;

  LeftOut(String text) {
    this.text = text;
  }

  /** In words, for the table at the end of a replay. */
  public String text() {
    return text;
  }
}
