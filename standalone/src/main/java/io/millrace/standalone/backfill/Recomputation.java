package io.millrace.standalone.backfill;

import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.standalone.DataFolder;
import io.millrace.standalone.LakeLock;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** What the commands that recompute do beside a running platform, one at a time. */
public final class Recomputation implements AutoCloseable {
  private final RunningPlatform running;
  private final LakeLock lock;
  private final Path tmp;
  private final Path definitions;
  private final Clock clock;
  private final Consumer<String> progress;

  private Recomputation(
      RunningPlatform running,
      LakeLock lock,
      Path tmp,
      Path definitions,
      Clock clock,
      Consumer<String> progress) {
    this.running = running;
    this.lock = lock;
    this.tmp = tmp;
    this.definitions = definitions;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * @param folder of the running platform
   * @param progress is told in words how far it is
   */
  public static Recomputation open(
      RunningPlatform running, DataFolder folder, Clock clock, Consumer<String> progress)
      throws IOException {
    LakeLock lock = LakeLock.take(folder, "recompute");
    Path all = Files.createDirectories(folder.run().resolve("backfill"));
    String own = ProcessHandle.current().pid() + "-";
    try (Stream<Path> left = Files.list(all)) {
      for (Path path :
          left.filter(path -> !path.getFileName().toString().startsWith(own)).toList()) {
        FileUtils.deleteDirectory(path.toFile()); // of one that was killed
      }
    }
    Path tmp = Files.createTempDirectory(all, own);
    return new Recomputation(
        running, lock, tmp, folder.config().resolve("definitions"), clock, progress);
  }

  /** Recomputes a range; what is applied reaches the hot store as well, as far as that keeps it. */
  public BackfillReport backfill(Backfill.Request request, Backfill.Mode mode) throws Exception {
    Backfill.Outcome outcome = run(request, Selection.all(), mode);
    showApplied(List.of(outcome), request.tenants());
    return outcome.report();
  }

  /**
   * Recomputes what late events belong to whose session or window had left the state.
   *
   * @param since events that arrived at this time or later, epoch ms
   * @param arrivedBefore and before this time, epoch ms
   * @param tenants none means all
   */
  public RestateReport restate(
      long since, long arrivedBefore, Set<String> tenants, Backfill.Mode mode) throws Exception {
    LateArrivals late;
    try (JdbcCatalog open = running.lake().catalog().open()) {
      progress.accept("Looking for events that came after their state was gone ...");
      late =
          LateArrivals.find(
              open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, "events")),
              new TimeRange(since, arrivedBefore),
              tenants,
              SessionOptions.DEFAULT.kept().toMillis(),
              SessionOptions.DEFAULT.rules().gapMs());
    }
    List<Backfill.Outcome> outcomes = new ArrayList<>();
    for (TimeRange range : late.ranges()) {
      outcomes.add(
          run(
              new Backfill.Request(range, BackfillJob.OF_EVENTS, tenants, arrivedBefore),
              Selection.of(late.visitors(), late.windows()),
              mode));
    }
    showApplied(outcomes, tenants);
    return new RestateReport(
        late.events(),
        late.visitors().size(),
        late.windows().size(),
        outcomes.stream().map(Backfill.Outcome::report).toList());
  }

  /**
   * Fills the hot store from the lake.
   *
   * @param tenants none means all
   */
  public HotRebuild.Report rebuildHot(Set<String> tenants) throws Exception {
    return rebuildHot(tenants, HotRebuild.Mended.NOTHING);
  }

  private HotRebuild.Report rebuildHot(Set<String> tenants, HotRebuild.Mended mended)
      throws Exception {
    return new HotRebuild(running.lake().catalog(), running.redis(), tmp, clock, progress)
        .run(tenants, mended);
  }

  private Backfill.Outcome run(Backfill.Request request, Selection selection, Backfill.Mode mode)
      throws Exception {
    return new Backfill(running.lake().catalog(), tmp, definitions, clock, progress)
        .run(request, selection, mode);
  }

  /** Rows of the time that the hot store keeps are shown there as the lake now has them. */
  private void showApplied(List<Backfill.Outcome> outcomes, Set<String> tenants) throws Exception {
    AppliedRows applied = new AppliedRows(HotRebuild.kept(clock));
    for (Backfill.Outcome outcome : outcomes) {
      for (Difference difference : outcome.applied()) {
        applied.add(difference, outcome.rows().get(difference.table));
      }
    }
    if (applied.anyHot()) {
      rebuildHot(tenants, applied.mended());
    }
  }

  @Override
  public void close() throws IOException {
    // Flink may still be removing files of its own there; what is left goes with the next command.
    FileUtils.deleteQuietly(tmp.toFile());
    lock.close();
  }
}
