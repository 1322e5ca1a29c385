package io.millrace.benchmarks.backfill;

import io.millrace.benchmarks.measure.Cpu;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.traffic.PlantedVisits;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.backfill.Backfill;
import io.millrace.standalone.backfill.BackfillJob;
import io.millrace.standalone.backfill.BackfillReport;
import io.millrace.standalone.backfill.Recomputation;
import io.millrace.standalone.backfill.TimeRange;
import io.millrace.standalone.server.LakeCatalog;
import io.millrace.standalone.server.LakeTables;
import io.millrace.standalone.server.PortBook;
import io.millrace.standalone.server.PostgresServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Recomputes stored events by the jobs' own rules: into tables that are empty, so that every row is
 * written, and again, so that none is.
 */
public final class BackfillBenchmark {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.ofDays(365);

  /** How much is run. */
  public record Options(int events, int visitors, long seed) {}

  private BackfillBenchmark() {}

  /** Runs it, with everything it writes under the folder; what comes out wrong is an exception. */
  public static Report run(Options options, Path folder, Clock clock) throws Exception {
    Report report =
        new Report("backfill: " + options.events + " events of " + options.visitors + " visitors");
    PlantedVisits visits = PlantedVisits.plant(options.events, options.visitors, options.seed);
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    DataFolder data = new DataFolder(folder.resolve("data"));
    data.prepare();
    try (PostgresServer postgres =
        PostgresServer.start(
            folder.resolve("postgres"), ports, 0, folder.resolve("logs/postgres.log"))) {
      LakeCatalog lake =
          new LakeCatalog(postgres.jdbcUrl(), PostgresServer.USER, "", data.warehouse().toUri());
      LakeTables.createMissing(lake);
      StoredEvents.store(visits, START.toEpochMilli(), lake);

      BackfillReport filled = measured("fill empty tables", lake, data, options, clock, report);
      requireSame("sessions filled", visits.sessions(), filled.tables().get(0).missing());
      requireSame("rows left", 0, filled.holds() ? 0 : 1);
      BackfillReport same = measured("find no difference", lake, data, options, clock, report);
      for (BackfillReport.TableReport table : same.tables()) {
        requireSame("differences of " + table.table(), 0, table.differences());
      }
      report.add("rows of lake.sessions", "", filled.tables().get(0).missing());
      report.add("rows of lake.metrics_15m", "", filled.tables().get(1).missing());
    }
    return report;
  }

  private static BackfillReport measured(
      String row, LakeCatalog lake, DataFolder data, Options options, Clock clock, Report report)
      throws Exception {
    long start = START.toEpochMilli();
    Backfill.Request request =
        new Backfill.Request(
            new TimeRange(start, start + LONGEST.toMillis()),
            BackfillJob.OF_EVENTS,
            Set.of(),
            clock.millis());
    Cpu before = Cpu.now();
    long began = System.nanoTime();
    BackfillReport found;
    try (Recomputation recomputation =
        Recomputation.open(platform(lake), data, clock, words -> {})) {
      found = recomputation.backfill(request, Backfill.Mode.APPLY);
    }
    long nanos = System.nanoTime() - began;
    Cpu after = Cpu.now();
    requireSame("events read", options.events, found.events());
    report.add(row, "s", nanos / 1e9);
    report.add(row + ": events/s", "", options.events * 1e9 / nanos);
    report.add(
        row + ": CPU per event", "µs", after.processNanosSince(before) / 1e3 / options.events);
    report.add(row + ": load average", "", Machine.load());
    return found;
  }

  /** Nothing but a lake: what is as old as this reaches no hot store. */
  private static RunningPlatform platform(LakeCatalog lake) {
    return new RunningPlatform(
        ProcessHandle.current().pid(),
        null,
        null,
        null,
        null,
        new RunningPlatform.Lake(lake.jdbcUrl(), lake.user(), lake.password(), lake.warehouse()),
        null,
        null,
        null,
        null,
        null);
  }

  private static void requireSame(String what, long planted, long found) {
    if (planted != found) {
      throw new IllegalStateException(
          "Wrong result of the backfill: " + found + ' ' + what + " instead of " + planted);
    }
  }
}
