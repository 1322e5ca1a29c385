package io.millrace.standalone.pipeline;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.jobs.conversions.ConversionColumns;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.conversions.ConversionsJob;
import io.millrace.jobs.conversions.CreditColumns;
import io.millrace.jobs.conversions.DefinitionsFolder;
import io.millrace.jobs.conversions.FunnelStepColumns;
import io.millrace.jobs.conversions.HotConversions;
import io.millrace.jobs.conversions.HotCounts;
import io.millrace.jobs.enrich.DeadLetterColumns;
import io.millrace.jobs.enrich.EnrichJob;
import io.millrace.jobs.enrich.RawRecord;
import io.millrace.jobs.kit.DeadLetter;
import io.millrace.jobs.kit.EventColumns;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.RedisSink;
import io.millrace.jobs.ledger.HotFreshness;
import io.millrace.jobs.ledger.LedgerColumns;
import io.millrace.jobs.ledger.LedgerJob;
import io.millrace.jobs.metrics.HotMetrics;
import io.millrace.jobs.metrics.MetricColumns;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricsJob;
import io.millrace.jobs.sessions.DuplicateColumns;
import io.millrace.jobs.sessions.HotSessions;
import io.millrace.jobs.sessions.SessionColumns;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.jobs.sessions.SessionsJob;
import io.millrace.standalone.server.KafkaTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * All jobs in one graph, with one checkpoint: what an event does to any table is committed
 * together.
 *
 * @param ownHosts each tenant's own sites, whose links count as internal
 * @param sessions how sessions behave
 * @param metrics how metrics behave
 * @param conversions how conversions behave
 * @param definitions folder with each tenant's goals and funnels, {@code <tenant>.yaml}; may be
 *     missing
 */
public record StreamPipeline(
    OwnHosts ownHosts,
    SessionOptions sessions,
    MetricOptions metrics,
    ConversionOptions conversions,
    Path definitions)
    implements Pipeline {
  /** Key groups: the bound of every later scaling, and a promise to every savepoint. */
  public static final int MAX_PARALLELISM = 128;

  /** How often the folder of definitions is looked at. */
  private static final Duration DEFINITIONS_EVERY = Duration.ofSeconds(2);

  @Override
  public void define(StreamExecutionEnvironment env, PipelineAddresses addresses)
      throws IOException {
    Lake lake = new Lake(JdbcCatalog.class.getName(), addresses.lake().properties());
    String kafka = addresses.kafkaBootstrap();
    String group = PipelineAddresses.CONSUMER_GROUP;
    RedisSink redis = new RedisSink(addresses.redisUri());
    env.setMaxParallelism(MAX_PARALLELISM);
    // Records are not changed once they have been sent on, so operators of a chain can share them.
    env.getConfig().enableObjectReuse();

    DataStream<RawRecord> records = EnrichJob.source(env, kafka, KafkaTopics.EVENTS_RAW, group);
    EnrichJob.Results enriched = EnrichJob.define(records, ownHosts);
    DataStream<DeadLetter> deadLetters =
        enriched
            .deadLetters()
            .union(EnrichJob.refused(env, kafka, KafkaTopics.EVENTS_DEAD_LETTER, group));
    SessionsJob.Results sessionized = SessionsJob.define(enriched.events(), sessions);
    MetricsJob.Results summed =
        MetricsJob.define(sessionized.events(), sessionized.changes(), metrics);
    ConversionsJob.Results converted =
        ConversionsJob.define(
            sessionized.events(),
            DefinitionsFolder.read(definitions),
            ConversionsJob.definitions(env, definitions, DEFINITIONS_EVERY),
            conversions);
    LedgerJob.Results ledger =
        LedgerJob.define(
            EnrichJob.countReceived(records)
                .union(EnrichJob.countDeadLetters(deadLetters), SessionsJob.count(sessionized)),
            addresses.rawPartitions());

    lake.write(sessionized.events(), EventColumns.columns(), "events", "lake-events");
    lake.write(deadLetters, DeadLetterColumns.columns(), "dead_letters", "lake-dead-letters");
    lake.write(
        sessionized.duplicates(), DuplicateColumns.columns(), "duplicates", "lake-duplicates");
    lake.write(sessionized.changes(), SessionColumns.columns(), "sessions", "lake-sessions");
    lake.write(summed.cold(), MetricColumns.columns(), "metrics_15m", "lake-metrics-15m");
    lake.write(
        converted.conversions(), ConversionColumns.columns(), "conversions", "lake-conversions");
    lake.write(converted.credits(), CreditColumns.columns(), "attribution", "lake-attribution");
    lake.write(converted.steps(), FunnelStepColumns.columns(), "funnel_steps", "lake-funnel-steps");
    lake.write(ledger.changes(), LedgerColumns.columns(), "ledger", "lake-ledger");

    DataStream<HotWrite> hotSessions =
        sessionized
            .live()
            .map(new HotSessions(), Types.POJO(HotWrite.class))
            .name("Hot sessions")
            .uid("hot/sessions");
    DataStream<HotWrite> hotMetrics =
        summed
            .hot()
            .map(new HotMetrics(), Types.POJO(HotWrite.class))
            .name("Hot metrics")
            .uid("hot/metrics");
    DataStream<HotWrite> hotConversions =
        converted
            .reached()
            .map(new HotConversions(), Types.POJO(HotWrite.class))
            .name("Hot conversions")
            .uid("hot/conversions")
            .union(
                converted
                    .counts()
                    .map(new HotCounts(), Types.POJO(HotWrite.class))
                    .name("Hot counts")
                    .uid("hot/counts"));
    DataStream<HotWrite> hotFreshness =
        ledger
            .complete()
            .map(new HotFreshness(), Types.POJO(HotWrite.class))
            .name("Hot freshness")
            .uid("hot/freshness")
            // As the ledger, which says it.
            .setParallelism(1);
    hotSessions.sinkTo(redis).name("Redis: sessions").uid("hot/sessions-redis");
    hotMetrics.sinkTo(redis).name("Redis: metrics").uid("hot/metrics-redis");
    hotConversions.sinkTo(redis).name("Redis: conversions").uid("hot/conversions-redis");
    hotFreshness
        .sinkTo(redis)
        .name("Redis: freshness")
        .uid("hot/freshness-redis")
        .setParallelism(1);
  }
}
