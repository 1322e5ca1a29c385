package io.millrace.standalone.maintenance;

import io.millrace.standalone.DataFolder;
import io.millrace.standalone.LakeLock;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains the tables of a running platform again and again; what one run leaves, the next does.
 */
public final class MaintenanceSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceSchedule.class);

  private final DataFolder folder;
  private final Round round;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "millrace-maintenance");
            made.setDaemon(true);
            return made;
          });

  /** What is to be done each time. */
  @FunctionalInterface
  interface Round {
    List<Maintenance.Report> run() throws IOException;
  }

  private MaintenanceSchedule(DataFolder folder, Round round) {
    this.folder = folder;
    this.round = round;
  }

  /**
   * Begins to wait, and returns at once.
   *
   * @param every from the end of one run to the next
   */
  public static MaintenanceSchedule start(
      DataFolder folder, LakeCatalog lake, Duration every, Clock clock) {
    return start(
        folder,
        () ->
            new Maintenance(lake, LOG::debug)
                .run(List.of(), clock.millis() - Maintenance.KEPT.toMillis()),
        every);
  }

  static MaintenanceSchedule start(DataFolder folder, Round round, Duration every) {
    MaintenanceSchedule schedule = new MaintenanceSchedule(folder, round);
    var unused =
        schedule.thread.scheduleWithFixedDelay(
            schedule::run, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return schedule;
  }

  private void run() {
    try (LakeLock lock = LakeLock.take(folder, "maintain the tables")) {
      List<Maintenance.Report> reports = round.run();
      long before = reports.stream().mapToLong(r -> r.filesBefore() + r.deletesBefore()).sum();
      long after = reports.stream().mapToLong(r -> r.filesAfter() + r.deletesAfter()).sum();
      LOG.info("Maintained the tables: {} files are {} now", before, after);
    } catch (PlatformException e) {
      LOG.info("{}; the tables are maintained next time", e.getMessage());
    } catch (IOException | RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.warn("Cannot maintain the tables; trying again next time", e);
      }
    }
  }

  /** Does not wait for a run to end: each of its steps is one commit, or none. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
