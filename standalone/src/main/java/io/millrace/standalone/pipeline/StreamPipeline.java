package io.millrace.standalone.pipeline;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.jobs.enrich.DeadLetterColumns;
import io.millrace.jobs.enrich.EnrichJob;
import io.millrace.jobs.kit.EventColumns;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.RedisSink;
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
 */
public record StreamPipeline(OwnHosts ownHosts, SessionOptions sessions, MetricOptions metrics)
    implements Pipeline {
  /** Key groups: the bound of every later scaling, and a promise to every savepoint. */
  public static final int MAX_PARALLELISM = 128;

  @Override
  public void define(StreamExecutionEnvironment env, PipelineAddresses addresses) {
    Lake lake = new Lake(JdbcCatalog.class.getName(), addresses.lake().properties());
    String kafka = addresses.kafkaBootstrap();
    String group = PipelineAddresses.CONSUMER_GROUP;
    RedisSink redis = new RedisSink(addresses.redisUri());
    env.setMaxParallelism(MAX_PARALLELISM);
    // Records are not changed once they have been sent on, so operators of a chain can share them.
    env.getConfig().enableObjectReuse();

    EnrichJob.Results enriched =
        EnrichJob.define(EnrichJob.source(env, kafka, KafkaTopics.EVENTS_RAW, group), ownHosts);
    SessionsJob.Results sessionized = SessionsJob.define(enriched.events(), sessions);
    MetricsJob.Results summed =
        MetricsJob.define(sessionized.events(), sessionized.changes(), metrics);

    lake.write(sessionized.events(), EventColumns.columns(), "events", "lake-events");
    lake.write(
        enriched
            .deadLetters()
            .union(EnrichJob.refused(env, kafka, KafkaTopics.EVENTS_DEAD_LETTER, group)),
        DeadLetterColumns.columns(),
        "dead_letters",
        "lake-dead-letters");
    lake.write(
        sessionized.duplicates(), DuplicateColumns.columns(), "duplicates", "lake-duplicates");
    lake.write(sessionized.changes(), SessionColumns.columns(), "sessions", "lake-sessions");
    lake.write(summed.cold(), MetricColumns.columns(), "metrics_15m", "lake-metrics-15m");

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
    hotSessions.sinkTo(redis).name("Redis: sessions").uid("hot/sessions-redis");
    hotMetrics.sinkTo(redis).name("Redis: metrics").uid("hot/metrics-redis");
  }
}
