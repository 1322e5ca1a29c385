package io.millrace.standalone.pipeline;

import io.millrace.jobs.kit.RedisSink;
import io.millrace.jobs.programs.AnomaliesGraph;
import io.millrace.jobs.programs.ConversionsGraph;
import io.millrace.jobs.programs.IngestGraph;
import io.millrace.jobs.programs.MetricsGraph;
import io.millrace.jobs.programs.Stores;
import java.io.IOException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * All jobs in one graph, with one checkpoint: what an event does to any table is committed
 * together.
 */
public record StreamPipeline(
    IngestGraph ingest,
    MetricsGraph metrics,
    AnomaliesGraph anomalies,
    ConversionsGraph conversions)
    implements Pipeline {
  @Override
  public void define(StreamExecutionEnvironment env, PipelineAddresses addresses)
      throws IOException {
    Stores stores = new Stores(addresses.lake().tables(), new RedisSink(addresses.redisUri()));
    IngestGraph.Results ingested =
        ingest.define(env, addresses.kafkaBootstrap(), addresses.rawPartitions(), stores);
    anomalies.define(
        metrics.define(ingested.events(), ingested.sessions(), stores),
        addresses.kafkaBootstrap(),
        stores);
    conversions.define(
        env, ingested.events(), ingested.sessions(), addresses.kafkaBootstrap(), stores);
  }
}
