package io.millrace.standalone.backfill;

import io.millrace.domain.goal.Conversion;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.Session;
import io.millrace.jobs.conversions.HotCount;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.RedisSink;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.metrics.HotMetrics;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricsJob;
import io.millrace.jobs.sessions.HotSessions;
import io.millrace.jobs.sessions.LiveSession;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import io.millrace.standalone.server.LakeCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Fills the hot store from the lake: minutes, sessions, conversions and anomalies of the time that
 * it keeps.
 *
 * <p>Minutes are made of the stored events and the stored sessions, so hot equals cold. Closed
 * sessions are the stored ones, open ones follow from their events. Everything is an absolute value
 * and goes through the platform's own writer and its version guard:
 *
 * <ul>
 *   <li>A minute's version is the clock of the platform when it changed last. Those written here
 *       have the arrival of the last event that was read: whatever the lake had not got yet, the
 *       platform changes, or has changed, later than that.
 *   <li>A session's version grows with its events, and when it closes.
 *   <li>A count of a goal or step has the time up to which the lake surely had all of its rows.
 *   <li>An anomaly has its revision.
 * </ul>
 *
 * <p>Up to when the numbers are complete and the newest verdict on each series are not written
 * here: the platform says the first every minute, the second with every window that is over.
 */
public final class HotRebuild {
  private static final long WATERMARK_BEHIND_MS = 30_000;
  private static final String MINUTES = "minutes";
  private static final String SESSIONS = "sessions";

  private final LakeCatalog catalog;
  private final String redis;
  private final Path tmp;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param redis the hot store
   * @param tmp folder for what does not fit into memory; nobody else may use it
   * @param progress is told in words how far it is
   */
  public HotRebuild(
      LakeCatalog catalog, String redis, Path tmp, Clock clock, Consumer<String> progress) {
    this.catalog = catalog;
    this.redis = redis;
    this.tmp = tmp;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What was written; values that the hot store had newer count as well.
   *
   * @param from first moment that the hot store keeps, epoch ms
   * @param minutes values of groups in minutes and in quarters of an hour
   * @param sessions values of sessions; one that is stored and was recomputed counts twice
   * @param conversions counts of goals and steps of funnels, and single conversions
   * @param anomalies what was news of the watched series in the last eight days
   */
  public record Report(
      long from, long events, long minutes, long sessions, long conversions, long anomalies) {}

  /**
   * What somebody has changed in the lake and the hot store may still show.
   *
   * @param sessions rows that are no more
   * @param conversions rows that are no more
   * @param counts counts that rows went from or came to
   */
  record Mended(List<Session> sessions, List<Conversion> conversions, List<HotCount> counts) {
    static final Mended NOTHING = new Mended(List.of(), List.of(), List.of());
  }

  /** The time that the hot store keeps now. */
  static TimeRange kept(Clock clock) {
    long now = clock.millis();
    return new TimeRange(
        now - MetricRules.HOT_KEPT.toMillis(), now + Duration.ofDays(1).toMillis());
  }

  /**
   * @param tenants none means all
   */
  Report run(Set<String> tenants, Mended mended) throws Exception {
    TimeRange kept = kept(clock);
    BoundedRun run = new BoundedRun(catalog.tables(), tmp);
    try (JdbcCatalog open = catalog.open()) {
      long events = defineStream(open, kept, tenants, mended, run);
      StoredCounts counts = StoredCounts.read(open, kept, tenants);
      counts.mended(mended.counts, mended.conversions, clock.millis());
      List<HotWrite> conversions = counts.writes();
      defineWrites(conversions, "conversions", run);
      List<HotWrite> anomalies = StoredAnomalies.writes(open, clock.millis(), tenants);
      defineWrites(anomalies, "anomalies", run);
      if (events == 0 && conversions.isEmpty() && anomalies.isEmpty()) {
        return new Report(kept.from(), 0, 0, 0, 0, 0);
      }
      LongConsumer watch =
          done ->
              progress.accept(
                  String.format(Locale.ROOT, "Rebuilding: %,d of %,d events read", done, events));
      BoundedRun.Counters counters = run.execute(events, watch);
      return new Report(
          kept.from(),
          events,
          counters.counted(MINUTES),
          counters.counted(SESSIONS),
          conversions.size(),
          anomalies.size());
    }
  }

  /** What is made of events and sessions; returns how many events that will be. */
  private long defineStream(
      JdbcCatalog open, TimeRange kept, Set<String> tenants, Mended mended, BoundedRun run)
      throws IOException {
    long gapMs = SessionOptions.DEFAULT.rules().gapMs();
    // One gap more, to see which of the open sessions began before.
    TimeRange read =
        new TimeRange(
            MetricRules.windowStart(kept.from() - gapMs, MetricRules.MINUTE_MS), kept.to());
    long closedBefore = clock.millis() - gapMs - WATERMARK_BEHIND_MS;
    // Sessions first: so the events are at least those that the sessions were made of.
    Table sessions = load(open, "sessions");
    Snapshot sessionsNow = sessions.currentSnapshot();
    Table events = load(open, "events");
    Snapshot eventsNow = events.currentSnapshot();
    if (eventsNow == null) {
      return 0;
    }
    progress.accept("Counting events of " + read + " ...");
    EventScan scan =
        EventScan.of(events, eventsNow.snapshotId(), read, kept, tenants, Long.MAX_VALUE);
    if (scan.events() == 0) {
      return 0;
    }

    SessionsJob.Results sessionized =
        SessionsJob.define(
            run.events(events, eventsNow.snapshotId(), read, tenants), SessionOptions.DEFAULT);
    DataStream<Session> closed =
        sessionsNow == null
            ? null
            : sessions(run, sessions, sessionsNow.snapshotId(), kept, tenants);
    defineSessions(
        sessionized.changes(), closed, read.from() + gapMs, closedBefore, mended.sessions, run);
    defineMinutes(sessionized, closed, kept, scan.lastReceivedAt());
    return scan.events();
  }

  private static Table load(JdbcCatalog open, String table) {
    return open.loadTable(TableIdentifier.of(LakeCatalog.NAMESPACE, table));
  }

  /** Stored sessions that began or ended in the time that is kept. */
  private static DataStream<Session> sessions(
      BoundedRun run, Table table, long snapshotId, TimeRange kept, Set<String> tenants) {
    RowType type = FlinkSchemaUtil.convert(table.schema());
    Expression filter =
        Expressions.and(
            Expressions.greaterThanOrEqual("ended_at", kept.from() * 1_000),
            EventScan.ofTenants(tenants));
    long from = kept.from();
    HashSet<String> wanted = new HashSet<>(tenants);
    return run.rows("sessions", table, snapshotId, filter)
        .map(new SessionRows(type))
        .returns(Types.POJO(Session.class))
        .name("Sessions")
        .uid("sessions")
        .filter(
            session ->
                session.endedAt >= from && (wanted.isEmpty() || wanted.contains(session.tenant)))
        .name("Sessions of the range")
        .uid("sessions-of-range");
  }

  /**
   * @param surelyWhole a session that starts then or later was read from its start, epoch ms
   * @param closedBefore a session that ended before has closed, epoch ms
   */
  private void defineSessions(
      DataStream<SessionChange> recomputed,
      DataStream<Session> closed,
      long surelyWhole,
      long closedBefore,
      List<Session> withdrawn,
      BoundedRun run) {
    DataStream<LiveSession> live =
        recomputed
            // One that began before is stored, or will be shown again with its next event.
            .filter(change -> change.session.startedAt >= surelyWhole)
            .name("Whole sessions")
            .uid("whole-sessions")
            .map(change -> asOf(change.session, change.session.endedAt < closedBefore))
            .returns(Types.POJO(LiveSession.class))
            .name("Live sessions")
            .uid("live-sessions");
    if (closed != null) {
      live =
          live.union(
              closed
                  .map(session -> asOf(session, true))
                  .returns(Types.POJO(LiveSession.class))
                  .name("Closed sessions")
                  .uid("closed-sessions"));
    }
    if (!withdrawn.isEmpty()) {
      List<LiveSession> gone = new ArrayList<>();
      withdrawn.forEach(session -> gone.add(withdrawn(session)));
      live =
          live.union(
              run.env()
                  .fromData(gone, Types.POJO(LiveSession.class))
                  .name("Withdrawn sessions")
                  .uid("withdrawn-sessions"));
    }
    live.map(new HotSessions())
        .returns(Types.POJO(HotWrite.class))
        .name("Hot sessions")
        .uid("hot-sessions")
        .map(new Counted(SESSIONS, null))
        .returns(Types.POJO(HotWrite.class))
        .name("Count sessions")
        .uid("count-sessions")
        .sinkTo(new RedisSink(redis))
        .name("Redis: sessions")
        .uid("redis-sessions");
  }

  private void defineMinutes(
      SessionsJob.Results sessionized, DataStream<Session> closed, TimeRange kept, long version) {
    long from = MetricRules.windowStart(kept.from(), MetricRules.MINUTE_MS);
    DataStream<SessionChange> changes =
        closed == null
            ? sessionized.changes().filter(change -> false).name("No sessions").uid("no-sessions")
            : closed
                .filter(session -> session.startedAt >= from)
                .name("Sessions that start")
                .uid("sessions-that-start")
                .map(session -> new SessionChange(RowKind.INSERT, session))
                .returns(Types.POJO(SessionChange.class))
                .name("Session rows")
                .uid("session-rows");
    MetricsJob.define(sessionized.events(), changes, MetricOptions.DEFAULT)
        .hot()
        .map(new HotMetrics())
        .returns(Types.POJO(HotWrite.class))
        .name("Hot metrics")
        .uid("hot-metrics")
        .map(new Counted(MINUTES, version))
        .returns(Types.POJO(HotWrite.class))
        .name("Count minutes")
        .uid("count-minutes")
        .sinkTo(new RedisSink(redis))
        .name("Redis: metrics")
        .uid("redis-metrics");
  }

  private void defineWrites(List<HotWrite> writes, String name, BoundedRun run) {
    if (!writes.isEmpty()) {
      run.env()
          .fromData(writes, Types.POJO(HotWrite.class))
          .name("Stored " + name)
          .uid("stored-" + name)
          .sinkTo(new RedisSink(redis))
          .name("Redis: " + name)
          .uid("redis-" + name);
    }
  }

  /** As the platform shows a session with these events. */
  static LiveSession asOf(Session session, boolean closed) {
    LiveSession live = new LiveSession();
    live.session = session;
    live.closed = closed;
    live.version = session.events * 2 + (closed ? 1 : 0);
    return live;
  }

  private static LiveSession withdrawn(Session session) {
    LiveSession live = new LiveSession();
    live.session = session;
    live.withdrawn = true;
    live.version = Long.MAX_VALUE;
    return live;
  }

  /** Counts writes, and gives them a version where one is said. */
  private static final class Counted extends RichMapFunction<HotWrite, HotWrite> {
    private static final long serialVersionUID = 1L;
    private final String counter;
    private final Long version;
    private transient LongCounter written;

    Counted(String counter, Long version) {
      this.counter = counter;
      this.version = version;
    }

    @Override
    public void open(OpenContext context) {
      written = getRuntimeContext().getLongCounter(counter);
    }

    @Override
    public HotWrite map(HotWrite write) {
      written.add(1);
      if (version != null) {
        write.version = version;
      }
      return write;
    }
  }
}
