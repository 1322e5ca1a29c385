package io.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.jobs.anomalies.AnomalyOptions;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.programs.AnomaliesGraph;
import io.millrace.jobs.programs.ConversionsGraph;
import io.millrace.jobs.programs.DimensionsGraph;
import io.millrace.jobs.programs.IngestGraph;
import io.millrace.jobs.programs.MetricsGraph;
import io.millrace.jobs.sessions.SessionOptions;
import io.millrace.standalone.server.LakeCatalog;
import io.millrace.standalone.server.LakeTables;
import io.millrace.standalone.server.PortBook;
import io.millrace.standalone.server.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph of all jobs, as savepoints know it. */
class StreamPipelineITCase {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path folder;

  @Test
  void keepsTheUidsThatSavepointsFindStateBy() throws Exception {
    assertKept(
        "pipeline.txt",
        (env, lake) ->
            new StreamPipeline(
                    new IngestGraph(OwnHosts.none(), SessionOptions.DEFAULT),
                    new MetricsGraph(MetricOptions.DEFAULT),
                    new AnomaliesGraph(AnomalyOptions.DEFAULT, null),
                    new ConversionsGraph(ConversionOptions.DEFAULT, folder.resolve("definitions")))
                .define(env, new PipelineAddresses("127.0.0.1:9", 4, "redis://127.0.0.1:9", lake)));
  }

  @Test
  void keepsTheUidsOfTheDimensionsJob() throws Exception {
    DimensionSource source = DimensionSource.at("jdbc:postgresql://127.0.0.1:9/d", "u", "", "shop");

    assertKept(
        "dimensions-pipeline.txt",
        (env, lake) ->
            new DimensionsGraph(source, Duration.ofSeconds(10)).define(env, lake.tables()));
  }

  private interface Definition {
    void define(StreamExecutionEnvironment env, LakeCatalog lake) throws Exception;
  }

  private void assertKept(String name, Definition definition) throws Exception {
    Path golden = GOLDEN.resolve(name);
    StreamGraph graph = graph(definition);

    String now =
        graph.getStreamNodes().stream()
            .map(node -> node.getTransformationUID() + " | " + node.getOperatorName())
            .sorted()
            .collect(
                Collectors.joining(
                    "\n",
                    "max parallelism " + graph.getExecutionConfig().getMaxParallelism() + "\n",
                    "\n"));

    if (Boolean.getBoolean("millrace.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, now);
    }
    assertThat(now)
        .as(
            "A changed uid or max parallelism breaks every savepoint: undo it, or decide it, write"
                + " it into CHANGELOG.md and regenerate %s with -Dmillrace.golden.write=true",
            golden)
        .isEqualTo(Files.readString(golden))
        .doesNotContain("null");
  }

  private StreamGraph graph(Definition definition) throws Exception {
    PortBook ports = new PortBook(folder.resolve("ports.properties"));
    try (PostgresServer postgres =
        PostgresServer.start(
            folder.resolve("postgres"), ports, 0, folder.resolve("postgres.log"))) {
      LakeCatalog lake =
          new LakeCatalog(
              postgres.jdbcUrl(),
              PostgresServer.USER,
              "",
              Files.createDirectories(folder.resolve("warehouse")).toUri());
      LakeTables.createMissing(lake);
      Configuration strict = new Configuration();
      strict.set(PipelineOptions.GENERIC_TYPES, false);
      strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);
      definition.define(env, lake);
      StreamGraph graph = env.getStreamGraph();
      graph.getJobGraph(); // where a missing uid or a generic type is found
      return graph;
    }
  }
}
