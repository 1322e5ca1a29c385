package io.millrace.jobs.programs;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import io.millrace.jobs.anomalies.NewsJson;
import io.millrace.jobs.enrich.DeadLetterColumns;
import io.millrace.jobs.enrich.EnrichJob;
import io.millrace.jobs.enrich.RawRecord;
import io.millrace.jobs.kit.DeadLetter;
import io.millrace.jobs.kit.EventColumns;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.ledger.HotFreshness;
import io.millrace.jobs.ledger.LedgerColumns;
import io.millrace.jobs.ledger.LedgerJob;
import io.millrace.jobs.sessions.DuplicateColumns;
import io.millrace.jobs.sessions.HotSessions;
import io.millrace.jobs.sessions.SessionColumns;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * From Kafka to stored events, sessions and the ledger: enrichment, duplicates and sessions in one
 * graph, as dropping duplicates and sessionizing are one operator, and the ledger counts them all.
 *
 * @param ownHosts each tenant's own sites, whose links count as internal
 * @param sessions how sessions behave
 */
public record IngestGraph(OwnHosts ownHosts, SessionOptions sessions) {
  /** Consumer group under which offsets are committed, for people, dashboards and the audit. */
  public static final String CONSUMER_GROUP = "millrace-pipeline";

  /**
   * What the other jobs need.
   *
   * @param events every event once
   * @param sessions closed sessions
   */
  public record Results(DataStream<Event> events, DataStream<SessionChange> sessions) {}

  /**
   * Adds sources, jobs and sinks.
   *
   * @param rawPartitions how many Kafka partitions {@code events.raw} has
   */
  public Results define(
      StreamExecutionEnvironment env, String kafka, int rawPartitions, Stores stores) {
    JobSettings.prepare(env);
    DataStream<RawRecord> records = EnrichJob.source(env, kafka, Topics.EVENTS_RAW, CONSUMER_GROUP);
    EnrichJob.Results enriched = EnrichJob.define(records, ownHosts);
    DataStream<DeadLetter> deadLetters =
        enriched
            .deadLetters()
            .union(EnrichJob.refused(env, kafka, Topics.EVENTS_DEAD_LETTER, CONSUMER_GROUP));
    SessionsJob.Results sessionized = SessionsJob.define(enriched.events(), sessions);

    Lake lake = stores.lake();
    lake.write(sessionized.events(), EventColumns.columns(), "events", "lake-events");
    lake.write(deadLetters, DeadLetterColumns.columns(), "dead_letters", "lake-dead-letters");
    lake.write(
        sessionized.duplicates(), DuplicateColumns.columns(), "duplicates", "lake-duplicates");
    lake.write(sessionized.changes(), SessionColumns.columns(), "sessions", "lake-sessions");
    LedgerJob.Results ledger =
        LedgerJob.define(
            EnrichJob.countReceived(records)
                .union(EnrichJob.countDeadLetters(deadLetters), SessionsJob.count(sessionized)),
            rawPartitions);
    lake.write(ledger.changes(), LedgerColumns.columns(), "ledger", "lake-ledger");
    new NewsTopic(kafka, Topics.METRICS_WINDOWS)
        .writeUnmarked(ledger.deadLetterRatios(), NewsJson::write, "dead-letters");
    DataStream<HotWrite> hot =
        sessionized
            .live()
            .map(new HotSessions(), Types.POJO(HotWrite.class))
            .name("Hot sessions")
            .uid("hot/sessions");
    hot.sinkTo(stores.redis()).name("Redis: sessions").uid("hot/sessions-redis");
    DataStream<HotWrite> hotFreshness =
        ledger
            .complete()
            .map(new HotFreshness(), Types.POJO(HotWrite.class))
            .name("Hot freshness")
            .uid("hot/freshness")
            // As the ledger, which says it.
            .setParallelism(1);
    hotFreshness
        .sinkTo(stores.redis())
        .name("Redis: freshness")
        .uid("hot/freshness-redis")
        .setParallelism(1);
    return new Results(sessionized.events(), sessionized.changes());
  }
}
