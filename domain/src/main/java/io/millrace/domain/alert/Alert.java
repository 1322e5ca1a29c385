package io.millrace.domain.alert;

import java.util.List;
import java.util.Locale;

/**
 * One message about one alert.
 *
 * @param id of the alert, the same in all its messages: it follows from tenant, rule, group and the
 *     start of the first window
 * @param messageId of this message: the alert's id, the kind, and of an escalation its step
 * @param group what of the rule's findings is meant: the rule's name, and what they have in common
 * @param step of the escalation, from 1; 0 before
 * @param atMillis when it was due
 * @param windowStartMillis of the first window in which something was wrong
 * @param windowEndMillis of the last window in which something was wrong, exclusive
 * @param channels where it goes, by name
 * @param series what was found, worst first
 */
public record Alert(
    String id,
    String messageId,
    String tenant,
    String rule,
    String group,
    Kind kind,
    int step,
    Severity severity,
    long atMillis,
    long windowStartMillis,
    long windowEndMillis,
    String title,
    String text,
    List<String> channels,
    List<Series> series) {
  /** What has happened to an alert. */
  public enum Kind {
    FIRING,
    /** Nobody has acknowledged it in time. */
    ESCALATED,
    RECOVERED,
    /** Late data has shown that nothing was wrong. */
    WITHDRAWN;

    /** As it is in messages. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was found of one series.
   *
   * @param expected NaN where nothing particular was, as are the bounds
   */
  public record Series(
      String metric,
      String grouping,
      String value,
      double actual,
      double expected,
      double lower,
      double upper,
      Severity severity,
      String explanation) {}

  /** A message that says nothing but that a channel works. */
  public static Alert trial(String tenant, String channel, long atMillis) {
    String group = "test " + channel;
    String id = Incident.id(tenant, "test", group, atMillis);
    return new Alert(
        id,
        id + '-' + Kind.FIRING.label(),
        tenant,
        "test",
        group,
        Kind.FIRING,
        0,
        Severity.NOTICE,
        atMillis,
        atMillis,
        atMillis,
        "[test] channel " + channel + " works",
        "This is a test. Nothing is wrong, and nothing has to be done.",
        List.of(channel),
        List.of());
  }

  /** The same message, due then. */
  Alert at(long millis) {
    return new Alert(
        id,
        messageId,
        tenant,
        rule,
        group,
        kind,
        step,
        severity,
        millis,
        windowStartMillis,
        windowEndMillis,
        title,
        text,
        channels,
        series);
  }
}
