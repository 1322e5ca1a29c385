package io.millrace.jobs.programs;

import picocli.CommandLine.Option;

/** Where events come from and live values go to. */
final class StreamOptions {
  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      required = true,
      description = "The Kafka brokers.")
  String kafka;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      required = true,
      description = "The hot store, for example redis://host:6379.")
  String redis;
}
