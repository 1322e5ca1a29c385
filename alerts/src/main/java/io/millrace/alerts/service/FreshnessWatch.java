package io.millrace.alerts.service;

import io.millrace.alerts.Acknowledgements;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.Outbox;
import io.millrace.alerts.Progress;
import io.millrace.alerts.RulesWatch;
import io.millrace.domain.alert.MeasureFact;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells each tenant once a minute how far behind the events are. By the wall clock, in a thread of
 * its own and without Kafka: it has to speak when everything else is silent.
 */
final class FreshnessWatch implements Work {
  private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** After a night switched off, what waits is not late: it is being worked off. */
  static final Duration GRACE = Duration.ofMinutes(2);

  private final RulesWatch rules;
  private final Connection connection;
  private final TenantMachines machines;
  private final Acknowledgements acknowledgements;
  private final Progress progress;
  private final Instant serviceStarted;
  private final Clock clock;
  private long lastMinute = Long.MIN_VALUE;

  private FreshnessWatch(
      RulesWatch rules, Connection connection, Instant serviceStarted, Clock clock) {
    this.rules = rules;
    this.connection = connection;
    this.machines =
        new TenantMachines(new Outbox(connection, clock), TenantMachines.Time.OF_THE_CLOCK, clock);
    this.acknowledgements = new Acknowledgements(connection, clock);
    this.progress = new Progress(connection);
    this.serviceStarted = serviceStarted;
    this.clock = clock;
  }

  static FreshnessWatch open(
      AlertsDatabase database, RulesWatch rules, Instant serviceStarted, Clock clock)
      throws SQLException {
    Connection connection = database.connect();
    try {
      FreshnessWatch watch = new FreshnessWatch(rules, connection, serviceStarted, clock);
      watch.progress.begin(serviceStarted);
      return watch;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Duration step() throws SQLException {
    machines.follow(rules.snapshot());
    Instant now = clock.instant();
    boolean told = machines.tell(acknowledgements.all());
    long minute = Math.floorDiv(now.toEpochMilli(), MINUTE_MILLIS);
    if (minute > lastMinute && !now.isBefore(serviceStarted.plus(GRACE))) {
      lastMinute = minute;
      tell(minute * MINUTE_MILLIS, Duration.between(progress.completeUpTo(), now));
      told = true;
    }
    if (told) {
      machines.advance(now.toEpochMilli());
    }
    return PAUSE;
  }

  private void tell(long windowEndMillis, Duration behind) {
    double behindMillis = Math.max(0, behind.toMillis());
    for (String tenant : machines.tenants()) {
      machines.tell(
          new MeasureFact(
              tenant,
              MeasureFact.BEHIND_MILLIS,
              "all",
              "all",
              windowEndMillis - MINUTE_MILLIS,
              windowEndMillis,
              behindMillis,
              0,
              0));
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
