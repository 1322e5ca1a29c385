package io.millrace.standalone;

import io.millrace.jobs.programs.IngestGraph;
import io.millrace.standalone.pipeline.Pipeline;
import io.millrace.standalone.pipeline.PipelineAddresses;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Reads all events and does nothing with them. */
final class TestPipeline implements Pipeline {
  @Override
  public void define(StreamExecutionEnvironment env, PipelineAddresses addresses) {
    KafkaSource<String> source =
        KafkaSource.<String>builder()
            .setBootstrapServers(addresses.kafkaBootstrap())
            .setTopics("events.raw")
            .setGroupId(IngestGraph.CONSUMER_GROUP)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new SimpleStringSchema())
            .build();
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "Events")
        .uid("events")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
  }
}
