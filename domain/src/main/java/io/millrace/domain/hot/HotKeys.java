package io.millrace.domain.hot;

import io.millrace.domain.ledger.LedgerRules;

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
    return metrics(tenant, grouping, HotWindow.MINUTE, minuteStart);
  }

  /**
   * One window of one grouping: a hash from {@link #metricField} to values. There is one of a
   * quarter of an hour once the quarter is over; until then its minutes say the same.
   */
  public static String metrics(String tenant, String grouping, HotWindow window, long start) {
    return prefix(tenant) + "metrics:" + window.label() + ':' + start + ':' + grouping;
  }

  /**
   * The values of a window that have the most events: a sorted set of fields of {@link #metrics} by
   * their events. What is in no list of its window is not in the hash either.
   *
   * @param list see {@link TopRules#list}
   */
  public static String top(String tenant, String list, HotWindow window, long start, boolean bot) {
    return prefix(tenant)
        + "top:"
        + window.label()
        + ':'
        + start
        + ':'
        + list
        + (bot ? ":bot" : ":human");
  }

  /** Bots' numbers stand apart from those of people; both views are sums. */
  public static String metricField(String value, boolean bot) {
    return (bot ? "bot:" : "human:") + value;
  }

  /** The value of a {@link #metricField}. */
  public static String metricValue(String field) {
    return field.substring(field.indexOf(':') + 1);
  }

  /**
   * How often goals were reached in a quarter of an hour: a hash from {@link #goalField} to values.
   */
  public static String goals(String tenant, long quarterStart) {
    return prefix(tenant) + "goals:15m:" + quarterStart;
  }

  /** One goal's definition in one minute, which begins at that time (epoch ms). */
  public static String goalField(long minuteStart, boolean bot, String version, String goal) {
    return minuteStart + ":" + metricField(version, bot) + ':' + goal;
  }

  /**
   * How often steps of funnels were reached in a quarter of an hour: a hash from {@link #stepField}
   * to values.
   */
  public static String funnelSteps(String tenant, long quarterStart) {
    return prefix(tenant) + "funnels:15m:" + quarterStart;
  }

  /** One step, from 1, of one funnel's definition in one minute. */
  public static String stepField(
      long minuteStart, boolean bot, String version, int step, String funnel) {
    return minuteStart + ":" + metricField(version, bot) + ':' + step + ':' + funnel;
  }

  /** One conversion: a value. */
  public static String conversion(String tenant, String conversionId) {
    return prefix(tenant) + "conversion:" + conversionId;
  }

  /** Sorted set of the ids of the latest conversions by their time, epoch ms. */
  public static String conversions(String tenant) {
    return prefix(tenant) + "conversions";
  }

  /** How many of a tenant's conversions are kept one by one; all of them are counted. */
  public static final int LATEST_CONVERSIONS = 1_000;

  /**
   * Up to when all events that had arrived are in the lake and counted here: a value, {@code
   * {"complete_up_to": epoch ms}}. That of {@link LedgerRules#NO_TENANT} holds for everybody who
   * has none.
   */
  public static String completeUpTo(String tenant) {
    return prefix(tenant) + "complete-up-to";
  }

  /** The newest verdict on each watched series: a hash from the series' name to values. */
  public static String verdicts(String tenant) {
    return prefix(tenant) + "verdicts";
  }

  /** What is news of one series in one window, which began at that time (epoch ms): a value. */
  public static String anomaly(String tenant, String anomaly) {
    return prefix(tenant) + "anomaly:" + anomaly;
  }

  /** Sorted set of the latest of {@link #anomaly} by the start of their window, epoch ms. */
  public static String anomalies(String tenant) {
    return prefix(tenant) + "anomalies";
  }

  /** How many of a tenant's anomalies are kept one by one; the lake has all of them. */
  public static final int LATEST_ANOMALIES = 1_000;

  /** The JSON of a stored value; null if it was withdrawn. */
  public static String json(String stored) {
    int space = stored.indexOf(' ');
    return space == stored.length() - 1 ? null : stored.substring(space + 1);
  }

  private static String prefix(String tenant) {
    return "millrace:" + tenant + ':';
  }
}
