package io.millrace.standalone.backfill;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.metrics.MetricColumns;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricsJob;
import io.millrace.jobs.sessions.SessionColumns;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;

/** The jobs over events that end, and the comparison of their results with the tables. */
final class BackfillGraph {
  /** Counts sessions that may go on after the last event that was read. */
  static final String CUT_SESSIONS = "cut-sessions";

  private BackfillGraph() {}

  /**
   * @param events all that lie in the margin around the range
   * @param read where the events come from
   * @param range what is compared: sessions and windows that begin in it
   * @param tables how the rows of each job's table are written
   * @param stored the rows of these tables
   */
  static DataStream<Difference> define(
      DataStream<Event> events,
      TimeRange read,
      TimeRange range,
      Map<BackfillTable, TableRows> tables,
      List<DataStream<LakeRow>> stored) {
    SessionsJob.Results sessionized = SessionsJob.define(events, SessionOptions.DEFAULT);

    TableRows sessions = tables.get(BackfillTable.SESSIONS);
    DataStream<RowData> sessionRows =
        sessionized
            .changes()
            .filter(new SessionsOfRange(range, read, SessionOptions.DEFAULT.rules().gapMs()))
            .name("Sessions of the range")
            .uid("sessions-of-range")
            .map(
                SessionColumns.columns().mapper("lake.sessions", sessions.type()),
                InternalTypeInfo.of(sessions.type()))
            .name("Rows of sessions")
            .uid("sessions-rows");
    DataStream<LakeRow> rows = recomputed(sessionRows, sessions, range);

    TableRows metrics = tables.get(BackfillTable.METRICS);
    if (metrics != null) {
      MetricsJob.Results summed =
          MetricsJob.define(sessionized.events(), sessionized.changes(), MetricOptions.DEFAULT);
      DataStream<RowData> metricRows =
          summed
              .cold()
              .map(
                  MetricColumns.columns().mapper("lake.metrics_15m", metrics.type()),
                  InternalTypeInfo.of(metrics.type()))
              .name("Rows of metrics")
              .uid("metrics-rows");
      rows = rows.union(recomputed(metricRows, metrics, range));
    }

    return compared(rows, stored);
  }

  /** The differences between recomputed rows and those that tables have. */
  static DataStream<Difference> compared(
      DataStream<LakeRow> recomputed, List<DataStream<LakeRow>> stored) {
    DataStream<LakeRow> rows = recomputed;
    for (DataStream<LakeRow> of : stored) {
      rows = rows.union(of);
    }
    return rows.keyBy(row -> row.key, Types.STRING)
        .transform("Compare", Types.POJO(Difference.class), new CompareOperator())
        .uid("compare");
  }

  static DataStream<LakeRow> recomputed(
      DataStream<RowData> rows, TableRows table, TimeRange range) {
    long from = range.from();
    long to = range.to();
    return rows.filter(row -> table.startsAt(row) >= from && table.startsAt(row) < to)
        .name("In range: " + table.table())
        .uid("in-range-" + table.table())
        .map(table::recomputed)
        .returns(Types.POJO(LakeRow.class))
        .name("Recomputed " + table.table())
        .uid("recomputed-" + table.table());
  }

  /** The rows that a table has in the range. */
  static DataStream<LakeRow> stored(
      DataStream<RowData> rows, TableRows table, TimeRange range, Set<String> tenants) {
    long from = range.from();
    long to = range.to();
    HashSet<String> wanted = new HashSet<>(tenants);
    return rows.filter(
            row ->
                table.startsAt(row) >= from
                    && table.startsAt(row) < to
                    && (wanted.isEmpty() || wanted.contains(Settled.tenant(table, row))))
        .name("Stored in range: " + table.table())
        .uid("stored-in-range-" + table.table())
        .map(table::stored)
        .returns(Types.POJO(LakeRow.class))
        .name("Stored " + table.table())
        .uid("stored-" + table.table());
  }

  /** Lets sessions of the range through, and counts those whose end may not have been read. */
  private static final class SessionsOfRange extends RichFilterFunction<SessionChange> {
    private static final long serialVersionUID = 1L;
    private final long from;
    private final long to;
    private final long readTo;
    private final long gapMs;
    private transient LongCounter cut;

    SessionsOfRange(TimeRange range, TimeRange read, long gapMs) {
      this.from = range.from();
      this.to = range.to();
      this.readTo = read.to();
      this.gapMs = gapMs;
    }

    @Override
    public void open(OpenContext context) {
      cut = getRuntimeContext().getLongCounter(CUT_SESSIONS);
    }

    @Override
    public boolean filter(SessionChange change) {
      Session session = change.session;
      boolean inRange = session.startedAt >= from && session.startedAt < to;
      if (inRange && session.endedAt + gapMs >= readTo) {
        cut.add(1);
      }
      return inRange;
    }
  }
}
