package io.millrace.standalone.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.standalone.ChildPlatform;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.SessionCluster;
import io.millrace.standalone.command.TestCommands;
import io.millrace.standalone.pipeline.LakeReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jobs as separate ones that talk through Kafka, on a Flink cluster of separate processes, give
 * the answers that they give joined in one process.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClusterITCase {
  private static final Path JAR = Path.of("../jobs/programs/target/millrace-jobs.jar");
  private static final String SET = "apache-2015";
  private static final String CALM = SET + "-calm";
  private static final String KILLED = SET + "-killed";

  @TempDir static Path folder;
  private static ChildPlatform platform;
  private static SessionCluster cluster;
  private static RealAnswers answers;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    new Expected(SET).events(); // skips all where there is no shared data
    List<String> options = new ArrayList<>(List.of("--no-jobs"));
    Path definitions = folder.resolve("definitions");
    for (String tenant : List.of(CALM, KILLED)) {
      options.addAll(List.of("--tenant", tenant));
      GoalAnswers.define(SET, definitions, tenant);
    }
    platform = new ChildPlatform(folder.resolve("data"), options);
    RunningPlatform running = platform.start();
    cluster = SessionCluster.start(folder.resolve("flink"), 2);

    List<String> lake = new ArrayList<>(List.of("--checkpoint-seconds", "2"));
    running
        .lake()
        .catalog()
        .properties()
        .forEach((name, value) -> lake.addAll(List.of("--catalog", name + '=' + value)));
    List<String> streams = List.of("--kafka", running.kafka(), "--redis", running.redis());
    submit(
        List.of("ingest"),
        lake,
        streams,
        List.of("--own-host", CALM + "=semicomplete.com"),
        List.of("--own-host", KILLED + "=semicomplete.com"));
    submit(List.of("metrics"), lake, streams);
    submit(List.of("conversions", "--definitions", definitions.toString()), lake, streams);
    answers = new RealAnswers(new LakeReader(running.lake().catalog()), Set.of(CALM, KILLED));
  }

  @SafeVarargs
  private static void submit(List<String>... words) throws Exception {
    List<String> all = new ArrayList<>();
    for (List<String> some : words) {
      all.addAll(some);
    }
    cluster.submit(JAR.toAbsolutePath().normalize(), all);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  @Order(1)
  void givesTheExpectedAnswers() throws Exception {
    awaitJobs();

    replay(CALM);

    answers.assertTrue(List.of(CALM));
  }

  @Test
  @Order(2)
  void givesTheSameAnswersWhenTaskManagersAreKilledMeanwhile() throws Exception {
    replay(KILLED);
    cluster.killTaskManager();
    cluster.startTaskManager();
    awaitJobs();
    cluster.killTaskManager();
    cluster.startTaskManager();

    answers.assertTrue(List.of(KILLED));
    assertThat(run("audit")).as(() -> out.toString() + err).isZero();
  }

  private void replay(String tenant) {
    assertThat(run("replay", new Expected(SET).events().toString(), "--tenant", tenant))
        .as(() -> out.toString() + err)
        .isZero();
  }

  private static void awaitJobs() {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertThat(cluster.jobs())
                    .containsEntry("millrace-ingest", "RUNNING")
                    .containsEntry("millrace-metrics", "RUNNING")
                    .containsEntry("millrace-conversions", "RUNNING"));
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    return TestCommands.run(out, err, all.toArray(String[]::new));
  }
}
