package io.millrace.standalone.pipeline;

import io.millrace.standalone.server.LakeCatalog;

/**
 * What the pipeline reads and writes.
 *
 * @param kafkaBootstrap brokers that hold the topics
 * @param rawPartitions how many Kafka partitions {@code events.raw} has
 * @param redisUri the hot store
 * @param lake the catalog of the tables, which exist
 */
public record PipelineAddresses(
    String kafkaBootstrap, int rawPartitions, String redisUri, LakeCatalog lake) {}
