package io.millrace.standalone.backfill;

import io.millrace.jobs.kit.Lake;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.server.LakeCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Recomputes sessions, windows and conversions of the past from {@code lake.events}, by the very
 * jobs that make them live, and compares.
 *
 * <p>How it works: the events of the range and of a margin around it go through the jobs' {@code
 * define}; what begins in the range is compared with the tables, row by row. The differences go to
 * a branch of each table, from where everybody can look at them, and then, if asked for, to main.
 * Main is written in one commit per table and nothing is kept elsewhere, so a backfill that is
 * killed has either changed a table or not, and the next one starts from the beginning.
 */
public final class Backfill {
  static final String BRANCH_PREFIX = "backfill_";

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
   * @param range sessions, windows and conversions that begin in it
   * @param jobs whose tables are compared
   * @param tenants none means all
   * @param arrivedBefore results that an event touched which arrived at this time (epoch ms) or
   *     later are left to the running platform
   */
  public record Request(
      TimeRange range, Set<BackfillJob> jobs, Set<String> tenants, long arrivedBefore) {}

  private final LakeCatalog catalog;
  private final Path tmp;
  private final Path definitionsFolder;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param tmp folder for what does not fit into memory; nobody else may use it
   * @param definitionsFolder each tenant's goals and funnels
   * @param progress is told in words how far it is
   */
  public Backfill(
      LakeCatalog catalog,
      Path tmp,
      Path definitionsFolder,
      Clock clock,
      Consumer<String> progress) {
    this.catalog = catalog;
    this.tmp = tmp;
    this.definitionsFolder = definitionsFolder;
    this.clock = clock;
    this.progress = progress;
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
      Map<BackfillTable, Target> targets = new EnumMap<>(BackfillTable.class);
      for (BackfillTable name : tables(request.jobs)) {
        targets.put(name, new Target(name, load(open, name.table())));
      }
      Map<BackfillTable, Settled.Sifted> sifted = new EnumMap<>(BackfillTable.class);
      Map<String, String> definitions = Map.of();
      long events = 0;
      if (!Collections.disjoint(request.jobs, BackfillJob.OF_EVENTS)) {
        targets.computeIfAbsent(
            BackfillTable.SESSIONS, name -> new Target(name, load(open, name.table())));
        Compared compared =
            new SessionsComparison(lake(), tmp, clock, progress)
                .compare(
                    request, selection, load(open, "events"), of(targets, BackfillJob.OF_EVENTS));
        sifted.putAll(compared.tables());
        events += compared.events();
      }
      if (request.jobs.contains(BackfillJob.CONVERSIONS)) {
        ConversionsComparison conversions =
            new ConversionsComparison(lake(), tmp, definitionsFolder, progress);
        Compared compared =
            conversions.compare(
                request, load(open, "events"), of(targets, Set.of(BackfillJob.CONVERSIONS)));
        sifted.putAll(compared.tables());
        events += compared.events();
        definitions = conversions.versions();
      }

      Map<BackfillTable, BackfillReport.TableReport> reports = new EnumMap<>(BackfillTable.class);
      List<Difference> applied = new ArrayList<>();
      // Metrics before sessions: which of them a restatement concerns follows from sessions that
      // differ, so one that is killed in between still finds both.
      List<BackfillTable> order = new ArrayList<>(tables(request.jobs));
      Collections.reverse(order);
      for (BackfillTable name : order) {
        Target target = targets.get(name);
        Settled.Sifted result = sifted.get(name);
        List<Difference> done = List.of();
        String branch = null;
        if (!result.settled().isEmpty()) {
          branch = BRANCH_PREFIX + id;
          TableChange change =
              new TableChange(
                  target.table, target.rows, target.base, target.concerned(request), id);
          change.stage(branch, result.settled());
          if (mode == Mode.APPLY) {
            done = apply(change, branch, result.settled(), name);
            applied.addAll(done);
            branch = null;
          }
        }
        reports.put(name, report(target, result, branch, done.size(), mode));
      }
      BackfillReport report =
          new BackfillReport(
              id,
              Instant.ofEpochMilli(request.range.from()).toString(),
              Instant.ofEpochMilli(request.range.to()).toString(),
              events,
              definitions,
              List.copyOf(reports.values()));
      Map<String, TableRows> rows = new TreeMap<>();
      targets.values().forEach(target -> rows.put(target.name.table(), target.rows));
      return new Outcome(report, applied, rows);
    }
  }

  /** In their order. */
  private static List<BackfillTable> tables(Set<BackfillJob> jobs) {
    return jobs.stream().flatMap(job -> job.tables().stream()).sorted().toList();
  }

  private static Map<BackfillTable, Target> of(
      Map<BackfillTable, Target> targets, Set<BackfillJob> jobs) {
    Map<BackfillTable, Target> some = new EnumMap<>(targets);
    some.keySet().retainAll(tables(jobs));
    return some;
  }

  /**
   * @return what main was rid of
   */
  private List<Difference> apply(
      TableChange change, String branch, List<Difference> differences, BackfillTable name)
      throws Exception {
    progress.accept("Applying to lake." + name.table() + " ...");
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
    for (BackfillTable each : BackfillTable.values()) {
      Table table = load(open, each.table());
      List<String> old =
          table.refs().keySet().stream().filter(name -> name.startsWith(BRANCH_PREFIX)).toList();
      for (String branch : old) {
        table.manageSnapshots().removeBranch(branch).commit();
      }
    }
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
        "lake." + target.name.table(),
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
  static PlatformException noEvents(Request request) {
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
