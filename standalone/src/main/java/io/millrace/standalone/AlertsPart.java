package io.millrace.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.alerts.AlertsDatabase;
import io.millrace.alerts.DeliveryOptions;
import io.millrace.alerts.service.AlertService;
import io.millrace.alerts.service.AlertServiceOptions;
import io.millrace.alerts.service.AlertTopics;
import io.millrace.jobs.programs.Topics;
import io.millrace.standalone.server.LakeCatalog;
import java.time.Clock;

/** The alerts of a platform: told by its topics, kept in the Postgres of its catalog. */
final class AlertsPart {
  private AlertsPart() {}

  static AlertsDatabase prepare(LakeCatalog lake) {
    AlertsDatabase database = new AlertsDatabase(lake.jdbcUrl(), lake.user(), lake.password());
    database.migrate();
    return database;
  }

  static AlertService start(
      DataFolder folder,
      PlatformOptions options,
      String kafka,
      AlertsDatabase database,
      Clock clock,
      MeterRegistry meters) {
    return AlertService.start(
        new AlertServiceOptions(
            kafka,
            new AlertTopics(Topics.ANOMALIES, Topics.METRICS_WINDOWS),
            folder.alerts(),
            options.external().smtp(),
            DeliveryOptions.DEFAULT),
        database,
        clock,
        meters);
  }
}
