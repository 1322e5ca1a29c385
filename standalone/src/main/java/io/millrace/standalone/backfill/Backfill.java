package io.millrace.standalone.backfill;

import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.server.LakeCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Recomputes sessions and windows of the past from {@code lake.events}, by the very jobs that make
 * them live, and compares.
 *
 * <p>How it works: the events of the range and of a margin around it go through the jobs' {@code
 * define}; what begins in the range is compared with the tables, row by row. The differences go to
 * a branch of each table, from where everybody can look at them, and then, if asked for, to main.
 * Main is written in one commit per table and nothing is kept elsewhere, so a backfill that is
 * killed has either changed a table or not, and the next one starts from the beginning.
 */
public final class Backfill {
  static final String BRANCH_PREFIX = "backfill_";

  /** Most sessions are over by then; where one is not, more is read. */
  private static final Duration FIRST_LOOKAHEAD = Duration.ofHours(3);

  private static final int LOOKAHEAD_FACTOR = 4;
  private static final int MAX_EXAMPLES = 20;
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Whether main is changed. */
  public enum Mode {
    COMPARE,
    APPLY
  }

  /**
   * What is recomputed.
   *
   * @param range sessions and windows that begin in it
   * @param jobs whose tables are compared
   * @param tenants none means all
   * @param arrivedBefore results that an event touched which arrived at this time (epoch ms) or
   *     later are left to the running platform
   */
  public record Request(
      TimeRange range, Set<BackfillJob> jobs, Set<String> tenants, long arrivedBefore) {}

  private final LakeCatalog catalog;
  private final Path tmp;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param tmp folder for what does not fit into memory; nobody else may use it
   * @param progress is told in words how far it is
   */
  public Backfill(LakeCatalog catalog, Path tmp, Clock clock, Consumer<String> progress) {
    this.catalog = catalog;
    this.tmp = tmp;
    this.clock = clock;
    this.progress = progress;
  }

  private static final class Target {
    final BackfillJob job;
    final Table table;
    final Long base;
    final TableRows rows;

    Target(BackfillJob job, Table table) {
      this.job = job;
      this.table = table;
      Snapshot current = table.currentSnapshot();
      this.base = current == null ? null : current.snapshotId();
      this.rows = TableRows.of(job.table(), table, job.time());
    }
  }

  /**
   * What a backfill found.
   *
   * @param applied the differences that main has been rid of
   * @param rows how the rows of each table are written, by table
   */
  record Outcome(BackfillReport report, List<Difference> applied, Map<String, TableRows> rows) {}

  /**
   * @param selection which differences count
   */
  Outcome run(Request request, Selection selection, Mode mode) throws Exception {
    String id = ID.format(clock.instant());
    try (JdbcCatalog open = catalog.open()) {
      dropOldBranches(open);
      // The tables' snapshots before that of the events: so the events are at least those that the
      // rows were made of.
      Map<BackfillJob, Target> targets = new EnumMap<>(BackfillJob.class);
      for (BackfillJob job : BackfillJob.values()) {
        // Sessions always: which windows are settled follows from them.
        if (job == BackfillJob.SESSIONS || request.jobs.contains(job)) {
          targets.put(job, new Target(job, load(open, job.table())));
        }
      }
      Found found = compare(request, load(open, "events"), targets);
      Map<BackfillJob, Settled.Sifted> sifted = sift(request, selection, targets, found);

      Map<BackfillJob, BackfillReport.TableReport> reports = new EnumMap<>(BackfillJob.class);
      List<Difference> applied = new ArrayList<>();
      // Metrics first: which of them a restatement concerns follows from sessions that differ, so
      // one that is killed in between still finds both.
      for (BackfillJob job : request.jobs.stream().sorted(Comparator.reverseOrder()).toList()) {
        Target target = targets.get(job);
        Settled.Sifted result = sifted.get(job);
        List<Difference> done = List.of();
        String branch = null;
        if (!result.settled().isEmpty()) {
          branch = BRANCH_PREFIX + id;
          TableChange change =
              new TableChange(
                  target.table, target.rows, target.base, concerned(request, target), id);
          change.stage(branch, result.settled());
          if (mode == Mode.APPLY) {
            done = apply(change, branch, result.settled(), job);
            applied.addAll(done);
            branch = null;
          }
        }
        reports.put(job, report(target, result, branch, done.size(), mode));
      }
      BackfillReport report =
          new BackfillReport(
              id,
              Instant.ofEpochMilli(request.range.from()).toString(),
              Instant.ofEpochMilli(request.range.to()).toString(),
              found.events,
              List.copyOf(reports.values()));
      Map<String, TableRows> rows = new TreeMap<>();
      targets.values().forEach(target -> rows.put(target.job.table(), target.rows));
      return new Outcome(report, applied, rows);
    }
  }

  /**
   * @return what main was rid of
   */
  private List<Difference> apply(
      TableChange change, String branch, List<Difference> differences, BackfillJob job)
      throws Exception {
    progress.accept("Applying to lake." + job.table() + " ...");
    try {
      return change.apply(branch, differences);
    } catch (OvertakenException e) {
      // The report counts them; what other tables got stays, and reaches the hot store.
      progress.accept("Cannot apply the differences: " + e.getMessage());
      return List.of();
    } finally {
      change.dropBranch(branch);
    }
  }

  private Table load(JdbcCatalog open, String table) {
    return open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, table));
  }

  /** Those of backfills that nobody applied, and of backfills that were stopped. */
  private void dropOldBranches(JdbcCatalog open) {
    for (BackfillJob job : BackfillJob.values()) {
      Table table = load(open, job.table());
      List<String> old =
          table.refs().keySet().stream().filter(name -> name.startsWith(BRANCH_PREFIX)).toList();
      for (String branch : old) {
        table.manageSnapshots().removeBranch(branch).commit();
      }
    }
  }

  private record Found(List<Difference> differences, EventScan scan, long events) {}

  private Found compare(Request request, Table events, Map<BackfillJob, Target> targets)
      throws Exception {
    Snapshot snapshot = events.currentSnapshot();
    if (snapshot == null) {
      throw noEvents(request);
    }
    long gapMs = SessionOptions.DEFAULT.rules().gapMs();
    long latest = clock.millis() + Duration.ofDays(1).toMillis();
    for (Duration lookahead = FIRST_LOOKAHEAD; ; lookahead = more(lookahead)) {
      // One gap before tells whether a session began earlier; it is no matter when.
      TimeRange read = request.range.widened(gapMs, lookahead.toMillis());
      progress.accept("Counting events of " + read + " ...");
      EventScan scan =
          EventScan.of(
              events,
              snapshot.snapshotId(),
              read,
              request.range,
              request.tenants,
              request.arrivedBefore);
      if (scan.inRange() == 0) {
        throw noEvents(request);
      }
      BoundedRun run = new BoundedRun(lake(), tmp);
      BoundedRun.Finished<Difference> finished =
          run.collect(
              graph(run, request, read, events, snapshot.snapshotId(), targets),
              scan.events(),
              done ->
                  progress.accept(
                      String.format(
                          Locale.ROOT,
                          "Recomputing: %,d of %,d events read",
                          done,
                          scan.events())));
      if (finished.counters().counted(BackfillGraph.CUT_SESSIONS) == 0 || read.to() > latest) {
        return new Found(finished.rows(), scan, scan.events());
      }
      progress.accept(
          String.format(
              Locale.ROOT,
              "%,d sessions go on after %s; reading further",
              finished.counters().counted(BackfillGraph.CUT_SESSIONS),
              Instant.ofEpochMilli(read.to())));
    }
  }

  private static Duration more(Duration lookahead) {
    return lookahead.multipliedBy(LOOKAHEAD_FACTOR);
  }

  private DataStream<Difference> graph(
      BoundedRun run,
      Request request,
      TimeRange read,
      Table events,
      long eventsSnapshot,
      Map<BackfillJob, Target> targets) {
    Map<BackfillJob, TableRows> tables = new EnumMap<>(BackfillJob.class);
    List<DataStream<LakeRow>> stored = new ArrayList<>();
    for (Target target : targets.values()) {
      tables.put(target.job, target.rows);
      if (target.base != null) {
        stored.add(
            BackfillGraph.stored(
                run.rows(target.job.table(), target.table, target.base, concerned(request, target)),
                target.rows,
                request.range,
                request.tenants));
      }
    }
    return BackfillGraph.define(
        run.events(events, eventsSnapshot, read, request.tenants),
        read,
        request.range,
        tables,
        stored);
  }

  private static Expression concerned(Request request, Target target) {
    return Expressions.and(
        request.range.of(target.job.time()), EventScan.ofTenants(request.tenants));
  }

  private static Map<BackfillJob, Settled.Sifted> sift(
      Request request, Selection selection, Map<BackfillJob, Target> targets, Found found) {
    Settled settled =
        new Settled(
            request.arrivedBefore,
            SessionOptions.DEFAULT.rules().gapMs(),
            found.scan.recentVisitors(),
            found.scan.recentWindows());
    Map<String, List<Difference>> differences = Settled.byTable(found.differences);
    Map<BackfillJob, Settled.Sifted> sifted = new EnumMap<>(BackfillJob.class);
    TableRows sessions = targets.get(BackfillJob.SESSIONS).rows;
    sifted.put(
        BackfillJob.SESSIONS,
        settled.sessions(
            selection.sessions(differences.getOrDefault(sessions.table(), List.of()), sessions),
            sessions));
    if (targets.containsKey(BackfillJob.METRICS)) {
      TableRows metrics = targets.get(BackfillJob.METRICS).rows;
      sifted.put(
          BackfillJob.METRICS,
          settled.metrics(
              selection.metrics(differences.getOrDefault(metrics.table(), List.of()), metrics),
              metrics));
    }
    return sifted;
  }

  private static BackfillReport.TableReport report(
      Target target, Settled.Sifted sifted, String branch, long applied, Mode mode) {
    Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
    // In order of their keys, so that two runs show the same.
    TreeMap<String, Difference> first = new TreeMap<>();
    for (Difference difference : sifted.settled()) {
      counts.merge(difference.kind(), 1L, Long::sum);
      first.put(difference.key, difference);
      if (first.size() > MAX_EXAMPLES) {
        first.remove(first.lastKey());
      }
    }
    List<BackfillReport.Example> examples = new ArrayList<>();
    for (Difference difference : first.values()) {
      examples.add(
          new BackfillReport.Example(
              difference.kind().name().toLowerCase(Locale.ROOT),
              new LinkedHashMap<>(target.rows.id(difference)),
              target.rows.differingColumns(difference),
              difference.stored.length));
    }
    long all = sifted.settled().size();
    return new BackfillReport.TableReport(
        "lake." + target.job.table(),
        counts.getOrDefault(Difference.Kind.MISSING, 0L),
        counts.getOrDefault(Difference.Kind.EXTRA, 0L),
        counts.getOrDefault(Difference.Kind.CHANGED, 0L),
        sifted.unsettled(),
        branch,
        applied,
        mode == Mode.APPLY ? all - applied : 0,
        examples);
  }

  private Lake lake() {
    return catalog.tables();
  }

  /** Without events there is nothing to recompute from, and every row would count as extra. */
  private static PlatformException noEvents(Request request) {
    return new PlatformException(
        ExitCode.REFUSED_INPUT,
        "Cannot recompute %s%s: lake.events has no event of that time; give another --from and --to"
            .formatted(
                request.range,
                request.tenants.isEmpty()
                    ? ""
                    : " for " + String.join(", ", new TreeSet<>(request.tenants))));
  }
}
