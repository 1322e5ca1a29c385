package io.millrace.alerts.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.Delivery;
import io.millrace.alerts.RulesWatch;
import io.millrace.alerts.send.Senders;
import java.time.Clock;
import java.time.Instant;

/** Alerts from the topics to the receivers: one service for all tenants, which share nothing. */
public final class AlertService implements AutoCloseable {
  private final RulesWatch rules;
  private final Worker intake;
  private final Worker freshness;
  private final Senders senders;
  private final Delivery delivery;

  private AlertService(
      AlertServiceOptions options, AlertsDatabase database, Clock clock, MeterRegistry metrics) {
    this.rules = RulesWatch.start(options.rulesFolder(), metrics);
    this.senders = new Senders(options.smtp().orElse(null), clock);
    this.delivery =
        Delivery.start(database, rules::of, senders, options.delivery(), clock, metrics);
    Intake.Counts counts = Intake.Counts.in(metrics);
    this.intake =
        Worker.start("intake", () -> Intake.open(options, database, rules, clock, counts));
    Instant started = clock.instant();
    this.freshness =
        Worker.start("freshness", () -> FreshnessWatch.open(database, rules, started, clock));
  }

  /**
   * Starts, and goes on until it is closed. Kafka and Postgres may be away, then as later.
   *
   * @param database with its tables
   */
  public static AlertService start(
      AlertServiceOptions options, AlertsDatabase database, Clock clock, MeterRegistry metrics) {
    return new AlertService(options, database, clock, metrics);
  }

  /** Ends; what has not gone out goes out after the next start. */
  @Override
  public void close() {
    intake.close();
    freshness.close();
    delivery.close();
    senders.close();
    rules.close();
  }
}
