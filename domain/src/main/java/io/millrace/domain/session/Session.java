package io.millrace.domain.session;

/**
 * One visit as it stands now; a row of {@code lake.sessions}. A Flink POJO: fields are public, and
 * set once.
 *
 * <p>Times are epoch milliseconds, UTC. A text field is null where the first event (for pages: any
 * page view) gave none.
 */
public final class Session {
  public String tenant;
  public String sessionId;
  public String visitorId;
  public long startedAt;
  public long endedAt;
  public long events;
  public long pageViews;
  public long distinctPages;
  public String entryPage;
  public String exitPage;
  public String channel;
  public String source;
  public String medium;
  public String campaign;
  public String referrer;
  public String deviceType;
  public String browser;
  public String os;
  public String country;
  public String region;
  public String city;
  public boolean bot;
  public long conversions;
  public long revenueCents;
  public long engagementMs;

  /** 1 for the first row of a session, one more for each restatement. */
  public int revision;

  public long durationMs() {
    return endedAt - startedAt;
  }

  public boolean bounce() {
    return pageViews == 1;
  }

  public boolean converted() {
    return conversions > 0;
  }

  @Override
  public String toString() {
    return "Session["
        + tenant
        + '/'
        + visitorId
        + ' '
        + startedAt
        + ".."
        + endedAt
        + ", "
        + events
        + " events, "
        + pageViews
        + " pages, revision "
        + revision
        + ']';
  }
}
