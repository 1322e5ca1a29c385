package io.millrace.jobs.sessions;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.ledger.LedgerStage;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.LedgerCountOperator;
import io.millrace.jobs.kit.LedgerEntry;
import io.millrace.jobs.kit.SessionChange;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Enriched events in; each event once, its repetitions, and every visitor's sessions out. */
public final class SessionsJob {
  private SessionsJob() {}

  /**
   * What the job gives.
   *
   * @param events every event once, in the order in which it came
   * @param duplicates the repetitions
   * @param changes closed sessions, for the lake
   * @param live sessions as they are now, for the hot store
   */
  public record Results(
      SingleOutputStreamOperator<Event> events,
      SideOutputDataStream<Duplicate> duplicates,
      SideOutputDataStream<SessionChange> changes,
      SideOutputDataStream<LiveSession> live) {}

  /** Counts events that are stored, and repetitions, for the ledger. */
  public static DataStream<LedgerEntry> count(Results results) {
    DataStream<LedgerEntry> stored =
        LedgerCountOperator.count(
            results.events,
            (event, counts) -> counts.add(LedgerStage.STORED, event.tenant, event.receivedAt),
            "stored",
            "sessions/count-stored");
    DataStream<LedgerEntry> repeated =
        LedgerCountOperator.count(
            results.duplicates,
            (event, counts) -> counts.add(LedgerStage.DUPLICATE, event.tenant, event.receivedAt),
            "duplicates",
            "sessions/count-duplicates");
    return stored.union(repeated);
  }

  public static Results define(DataStream<Event> events, SessionOptions options) {
    SingleOutputStreamOperator<Event> once =
        events
            .keyBy(event -> VisitorKey.of(event.tenant, event.visitorId), Types.STRING)
            .transform(
                "Drop duplicates, sessionize",
                events.getType(),
                new SessionizeOperator(options, MetricRules.HOT_KEPT.toMillis()))
            .uid("sessions/sessionize");
    return new Results(
        once,
        once.getSideOutput(SessionizeOperator.DUPLICATES),
        once.getSideOutput(SessionizeOperator.CHANGES),
        once.getSideOutput(SessionizeOperator.LIVE));
  }
}
