package io.millrace.standalone.traffic;

import java.util.SortedMap;

/**
 * The right answers of one demo tenant, known because the traffic was made so.
 *
 * @param closed of the visits that are over: their sessions close as soon as all has arrived
 * @param live of the visits during the demo: their sessions stay open for half an hour
 * @param all both; no visitor is in both
 * @param duplicatesSent events sent a second time, with the same bytes
 * @param lateEvents events of closed visits that come hours late with the live key: they restate
 *     sessions
 * @param refused invalid events by the code they are refused with
 */
public record Planted(
    String tenant,
    Answers closed,
    Answers live,
    Answers all,
    long duplicatesSent,
    long lateEvents,
    SortedMap<String, Long> refused) {

  /** Everything sent: valid events, their duplicates, and what is refused. */
  public long sent() {
    return all.events() + duplicatesSent + refusedTotal();
  }

  /** Refused events of all codes. */
  public long refusedTotal() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Counts over a set of visits, bots among them.
   *
   * @param bounces sessions with exactly one page view
   * @param conversions events of type {@code purchase}
   * @param sessionsByChannel by the channel's name in the product
   * @param productEvents events about a product, whose title the sample schema knows
   * @param topPage path with the most page views; null where there are none
   */
  public record Answers(
      long events,
      long visitors,
      long sessions,
      long pageViews,
      long bounces,
      long conversions,
      long revenueCents,
      SortedMap<String, Long> sessionsByChannel,
      String topPage,
      long topPageViews,
      long botVisitors,
      long botSessions,
      long botEvents,
      long productEvents) {}
}
