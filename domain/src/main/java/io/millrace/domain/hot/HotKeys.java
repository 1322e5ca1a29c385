package io.millrace.domain.hot;

/**
 * Where the hot store keeps what: the contract between the jobs that write it and whoever reads it.
 *
 * <p>A value is text: its version, a space, and JSON; after a withdrawn value's space comes
 * nothing. Every key starts with the tenant, which has no colon in its name.
 */
public final class HotKeys {
  private HotKeys() {}

  /** One session: a value. */
  public static String session(String tenant, String sessionId) {
    return prefix(tenant) + "session:" + sessionId;
  }

  /** Sorted set of session ids by the time of their last event, epoch ms. */
  public static String sessions(String tenant) {
    return prefix(tenant) + "sessions";
  }

  /** One minute of one grouping: a hash from {@link #metricField} to values. */
  public static String metrics(String tenant, String grouping, long minuteStart) {
    return prefix(tenant) + "metrics:1m:" + minuteStart + ':' + grouping;
  }

  /** Bots' numbers stand apart from those of people; both views are sums. */
  public static String metricField(String value, boolean bot) {
    return (bot ? "bot:" : "human:") + value;
  }

  /** The JSON of a stored value; null if it was withdrawn. */
  public static String json(String stored) {
    int space = stored.indexOf(' ');
    return space == stored.length() - 1 ? null : stored.substring(space + 1);
  }

  private static String prefix(String tenant) {
    return "millrace:" + tenant + ':';
  }
}
