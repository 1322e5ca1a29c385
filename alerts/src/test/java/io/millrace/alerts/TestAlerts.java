package io.millrace.alerts;

import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.AlertMachine;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.ChannelSpec;
import io.millrace.domain.alert.MeasureFact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Alerts as the machine makes them: errors of tenant acme are high at noon, and low after. */
public final class TestAlerts {
  private static final long NOON = Instant.parse("2026-03-02T12:00:00Z").toEpochMilli();
  private static final long WINDOW = Duration.ofMinutes(15).toMillis();

  private TestAlerts() {}

  /** Rules with one channel, {@code ops}, as given in YAML. */
  public static AlertRules rules(String channel) {
    return AlertRules.parse(
        "acme.yaml",
        "channels:\n  ops: "
            + channel
            + "\nrules:\n  errors:\n    threshold: {metric: errors, grouping: page, above: 100}\n"
            + "    to: [ops]\n    cool-down: 1 s\n    together: series\n");
  }

  public static ChannelSpec channel(String yaml) {
    return rules(yaml).channel("ops").orElseThrow();
  }

  public static Alert firing() {
    return firing("/checkout");
  }

  public static Alert firing(String page) {
    return both(page).get(0);
  }

  public static Alert recovered() {
    return both("/checkout").get(1);
  }

  /** The alert of a page, and that it is over. */
  public static List<Alert> both(String page) {
    return both(page, NOON);
  }

  /** As if it had been noon then. */
  public static List<Alert> both(String page, long noonMillis) {
    AlertMachine machine =
        new AlertMachine("acme", rules("{kind: email, to: [a@example.org]}"), noonMillis);
    List<Alert> alerts = new ArrayList<>();
    int windows = 0;
    for (double errors : new double[] {250, 3}) {
      long start = noonMillis + windows++ * WINDOW;
      machine.offer(
          new MeasureFact("acme", "errors", "page", page, start, start + WINDOW, errors, 0, 0));
      alerts.addAll(machine.advance(start + WINDOW));
    }
    return alerts;
  }
}
