package io.millrace.jobs.programs;

import io.millrace.jobs.anomalies.AnomalyOptions;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricsJob;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code metrics}. */
@Command(
    name = "metrics",
    header = "Events and sessions to sums per group and window, and verdicts on them.",
    mixinStandardHelpOptions = true)
final class MetricsProgram extends Program {
  private static final String GROUP = "millrace-metrics";

  @Mixin private StreamOptions streams;

  @Option(
      names = "--alert-rules",
      paramLabel = "FOLDER",
      description =
          "Folder with each tenant's alert rules, TENANT.yaml, for its time zone and calendar; task"
              + " managers look there, too. Without it all live in UTC.")
  private Path alertRules;

  @Override
  void define(StreamExecutionEnvironment env) {
    JobSettings.prepare(env);
    Handover handover = new Handover(streams.kafka);
    Stores stores = stores(streams.redis);
    MetricsJob.Results summed =
        new MetricsGraph(MetricOptions.DEFAULT)
            .define(handover.readEvents(env, GROUP), handover.readSessions(env, GROUP), stores);
    new AnomaliesGraph(AnomalyOptions.DEFAULT, alertRules).define(summed, streams.kafka, stores);
  }
}
