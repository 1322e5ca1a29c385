package io.millrace.domain.alert;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one tenant is alerted of, where, and when not, as its file gives it:
 *
 * <pre>
 * zone: Europe/Berlin
 * quiet-hours:
 *   - {from: "22:00", to: "07:00"}
 * calendar:
 *   - {name: Black Friday, from: 2026-11-27, to: 2026-11-30, learn: false}
 * channels:
 *   ops:  {kind: webhook, url: "https://ops.example.org/alerts", secret: "at least 16 characters"}
 *   mail: {kind: email, to: [ops@example.org]}
 * rules:
 *   traffic:
 *     anomaly: {severity: warning, metrics: [page_views, sessions]}
 *     to: [ops]
 *     escalate: [{after: 30 min, to: [mail]}]
 *   errors:
 *     threshold: {metric: errors, above: 100}
 *     to: [ops]
 *     quiet-hours: ignore
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class AlertRules {
  /** Of a tenant that has no file. */
  public static final AlertRules NONE = parse("", "");

  private final ZoneId zone;
  private final QuietHours quietHours;
  private final List<ExpectedEvent> calendar;
  private final Map<String, ChannelSpec> channels;
  private final List<AlertRule> rules;

  AlertRules(
      ZoneId zone,
      QuietHours quietHours,
      List<ExpectedEvent> calendar,
      Map<String, ChannelSpec> channels,
      List<AlertRule> rules) {
    this.zone = zone;
    this.quietHours = quietHours;
    this.calendar = List.copyOf(calendar);
    this.channels = new LinkedHashMap<>(channels);
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads one file.
   *
   * @param file name of the file, for errors
   * @throws InvalidAlertRulesException with everything that is wrong, if anything is
   */
  public static AlertRules parse(String file, String yaml) {
    return new AlertRulesReader(file, yaml).read();
  }

  /** The JSON schema of a file, as text. */
  public static String schema() {
    return AlertRulesReader.SCHEMA.text();
  }

  public List<String> ruleNames() {
    return rules.stream().map(AlertRule::name).toList();
  }

  public List<String> channelNames() {
    return List.copyOf(channels.keySet());
  }

  /** The channel of this name, or nothing. */
  public Optional<ChannelSpec> channel(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  /** The expected event that touches a window, or nothing. */
  public Optional<ExpectedEvent> expected(
      String metric, long windowStartMillis, long windowEndMillis) {
    return calendar.stream()
        .filter(event -> event.covers(metric, windowStartMillis, windowEndMillis))
        .findFirst();
  }

  /** Whether the detection is to learn from a window: it is not when an expected event says so. */
  public boolean learns(String metric, long windowStartMillis, long windowEndMillis) {
    return calendar.stream()
        .filter(event -> event.covers(metric, windowStartMillis, windowEndMillis))
        .allMatch(ExpectedEvent::learns);
  }

  /** Whose clock the tenant lives by. */
  public ZoneId zone() {
    return zone;
  }

  QuietHours quietHours() {
    return quietHours;
  }

  List<AlertRule> rules() {
    return rules;
  }
}
