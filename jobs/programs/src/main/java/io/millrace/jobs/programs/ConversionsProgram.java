package io.millrace.jobs.programs;

import io.millrace.jobs.conversions.ConversionOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code conversions}. */
@Command(
    name = "conversions",
    header = "Events to conversions, their attribution, and steps of funnels.",
    mixinStandardHelpOptions = true)
final class ConversionsProgram extends Program {
  private static final String GROUP = "millrace-conversions";

  @Mixin private StreamOptions streams;

  @Option(
      names = "--definitions",
      paramLabel = "FOLDER",
      required = true,
      description =
          "Folder with each tenant's goals and funnels, TENANT.yaml; task managers look there, too.")
  private Path definitions;

  @Override
  void define(StreamExecutionEnvironment env) throws IOException {
    JobSettings.prepare(env);
    Handover handover = new Handover(streams.kafka);
    new ConversionsGraph(ConversionOptions.DEFAULT, definitions)
        .define(
            env,
            handover.readEvents(env, GROUP),
            handover.readSessions(env, GROUP),
            streams.kafka,
            stores(streams.redis));
  }
}
