package io.millrace.jobs.programs;

import io.millrace.jobs.metrics.MetricOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metrics}. */
@Command(
    name = "metrics",
    header = "Events and sessions to sums per group and window.",
    mixinStandardHelpOptions = true)
final class MetricsProgram extends Program {
  private static final String GROUP = "millrace-metrics";

  @Mixin private StreamOptions streams;

  @Override
  void define(StreamExecutionEnvironment env) {
    JobSettings.prepare(env);
    Handover handover = new Handover(streams.kafka);
    new MetricsGraph(MetricOptions.DEFAULT)
        .define(
            handover.readEvents(env, GROUP),
            handover.readSessions(env, GROUP),
            stores(streams.redis));
  }
}
