package io.millrace.standalone.backfill;

import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.sessions.SessionOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Recomputes sessions and windows, which follow from the events alone. */
final class SessionsComparison {
  /** Most sessions are over by then; where one is not, more is read. */
  private static final Duration FIRST_LOOKAHEAD = Duration.ofHours(3);

  private static final int LOOKAHEAD_FACTOR = 4;

  private final Lake lake;
  private final Path tmp;
  private final Clock clock;
  private final Consumer<String> progress;

  SessionsComparison(Lake lake, Path tmp, Clock clock, Consumer<String> progress) {
    this.lake = lake;
    this.tmp = tmp;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * @param targets sessions always: which windows are settled follows from them
   */
  Compared compare(
      Backfill.Request request,
      Selection selection,
      Table events,
      Map<BackfillTable, Target> targets)
      throws Exception {
    Found found = find(request, events, targets);
    return new Compared(sift(request, selection, targets, found), found.events);
  }

  private record Found(List<Difference> differences, EventScan scan, long events) {}

  private Found find(Backfill.Request request, Table events, Map<BackfillTable, Target> targets)
      throws Exception {
    Snapshot snapshot = events.currentSnapshot();
    if (snapshot == null) {
      throw Backfill.noEvents(request);
    }
    long gapMs = SessionOptions.DEFAULT.rules().gapMs();
    long latest = clock.millis() + Duration.ofDays(1).toMillis();
    for (Duration lookahead = FIRST_LOOKAHEAD; ; lookahead = more(lookahead)) {
      // One gap before tells whether a session began earlier; it is no matter when.
      TimeRange read = request.range().widened(gapMs, lookahead.toMillis());
      progress.accept("Counting events of " + read + " ...");
      EventScan scan =
          EventScan.of(
              events,
              snapshot.snapshotId(),
              read,
              request.range(),
              request.tenants(),
              request.arrivedBefore());
      if (scan.inRange() == 0) {
        throw Backfill.noEvents(request);
      }
      BoundedRun run = new BoundedRun(lake, tmp);
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
      Backfill.Request request,
      TimeRange read,
      Table events,
      long eventsSnapshot,
      Map<BackfillTable, Target> targets) {
    Map<BackfillTable, TableRows> tables = new EnumMap<>(BackfillTable.class);
    List<DataStream<LakeRow>> stored = new ArrayList<>();
    for (Target target : targets.values()) {
      tables.put(target.name, target.rows);
      if (target.base != null) {
        stored.add(
            BackfillGraph.stored(
                run.rows(target.name.table(), target.table, target.base, target.concerned(request)),
                target.rows,
                request.range(),
                request.tenants()));
      }
    }
    return BackfillGraph.define(
        run.events(events, eventsSnapshot, read, request.tenants()),
        read,
        request.range(),
        tables,
        stored);
  }

  private static Map<BackfillTable, Settled.Sifted> sift(
      Backfill.Request request,
      Selection selection,
      Map<BackfillTable, Target> targets,
      Found found) {
    Settled settled =
        new Settled(
            request.arrivedBefore(),
            SessionOptions.DEFAULT.rules().gapMs(),
            found.scan.recentVisitors(),
            found.scan.recentWindows());
    Map<String, List<Difference>> differences = Settled.byTable(found.differences);
    Map<BackfillTable, Settled.Sifted> sifted = new EnumMap<>(BackfillTable.class);
    TableRows sessions = targets.get(BackfillTable.SESSIONS).rows;
    sifted.put(
        BackfillTable.SESSIONS,
        settled.sessions(
            selection.sessions(differences.getOrDefault(sessions.table(), List.of()), sessions),
            sessions));
    if (targets.containsKey(BackfillTable.METRICS)) {
      TableRows metrics = targets.get(BackfillTable.METRICS).rows;
      sifted.put(
          BackfillTable.METRICS,
          settled.metrics(
              selection.metrics(differences.getOrDefault(metrics.table(), List.of()), metrics),
              metrics));
    }
    return sifted;
  }
}
