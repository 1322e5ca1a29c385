package io.millrace.benchmarks.measure;

import java.util.List;

/** Which part of Millrace a thread works for, by the first 15 characters of its name. */
public final class ThreadGroups {
  private record Prefix(String start, String group) {}

  private static final List<Prefix> PREFIXES =
      List.of(
          new Prefix("Source: ", "source tasks"),
          new Prefix("Drop duplicates", "sessionize tasks"),
          new Prefix("Metrics", "metrics tasks"),
          new Prefix("Sum ", "metrics tasks"),
          new Prefix("Rows of", "lake tasks"),
          new Prefix("lake-", "lake tasks"),
          new Prefix("IcebergS", "lake tasks"),
          new Prefix("Redis", "redis tasks"),
          new Prefix("Hot ", "redis tasks"),
          new Prefix("Kafka Fetcher", "Kafka fetchers"),
          new Prefix("Source Data Fet", "Kafka fetchers"),
          new Prefix("data-plane-kafk", "Kafka broker"),
          new Prefix("kafka-", "Kafka broker"),
          new Prefix("ReplicaFetcher", "Kafka broker"),
          new Prefix("ExpirationReape", "Kafka broker"),
          new Prefix("TxnMarker", "Kafka broker"),
          new Prefix("raft-", "Kafka broker"),
          new Prefix("quorum-", "Kafka broker"),
          new Prefix("group-coord", "Kafka broker"),
          new Prefix("armeria-", "gateway"),
          new Prefix("gateway-", "gateway"),
          new Prefix("load-", "load client"),
          new Prefix("lettuce-", "Redis client"),
          new Prefix("rocksdb:", "RocksDB"),
          new Prefix("C1 Compiler", "JIT"),
          new Prefix("C2 Compiler", "JIT"),
          new Prefix("GC Thread", "GC"),
          new Prefix("G1 ", "GC"),
          new Prefix("VM Thread", "GC"),
          new Prefix("flink-", "Flink runtime"),
          new Prefix("pekko", "Flink runtime"),
          new Prefix("jobmanager", "Flink runtime"),
          new Prefix("Checkpoint", "Flink runtime"),
          new Prefix("AsyncOperations", "checkpoint threads"),
          new Prefix("Flink-RocksDB", "checkpoint threads"),
          new Prefix("iceberg-", "lake commits"));

  private ThreadGroups() {}

  /** The part, or the name itself without its numbers where no part is known. */
  public static String of(String thread) {
    for (Prefix prefix : PREFIXES) {
      if (thread.startsWith(prefix.start)) {
        return prefix.group;
      }
    }
    if (thread.startsWith("kafka-producer")) {
      return "gateway";
    }
    return thread.replaceAll("[-#\\d]+", "").strip();
  }
}
