package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.anomalies.ScoringBenchmark;
import io.millrace.benchmarks.backfill.BackfillBenchmark;
import io.millrace.benchmarks.gateway.GatewayBenchmark;
import io.millrace.benchmarks.measure.Report;
import io.millrace.benchmarks.pipeline.PipelineBenchmark;
import io.millrace.benchmarks.sessionize.SessionizeBenchmark;
import io.millrace.domain.anomaly.SeriesScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each benchmark at a tiny size: it runs, and finds its own results right. */
class BenchmarksITCase {
  @TempDir Path folder;

  @Test
  void sessionizeFindsEveryPlantedSession() throws Exception {
    Report report =
        SessionizeBenchmark.run(
            new SessionizeBenchmark.Options(5_000, 300, 1, 7, true, Optional.empty()), folder);

    assertThat(report.figure("parse, dedup, session: events/s").median()).isPositive();
    assertThat(report.figure("the same with enrichment: events/s").median()).isPositive();
  }

  @Test
  void pipelineFindsEveryEventInTheLakeOnce() throws Exception {
    Report report =
        PipelineBenchmark.run(
            new PipelineBenchmark.Options(
                500, Duration.ofSeconds(1), Duration.ofSeconds(3), 100, 7, Optional.empty()),
            folder,
            Clock.systemUTC());

    assertThat(report.figure("event to live view: p50").median()).isPositive();
    // One that is asked for before all tasks run counts as failed, so only the others say
    // something.
    assertThat(report.figure("checkpoints").median()).isPositive();
  }

  @Test
  void backfillFillsEmptyTablesAndThenFindsNoDifference() throws Exception {
    Report report =
        BackfillBenchmark.run(
            new BackfillBenchmark.Options(5_000, 300, 7), folder, Clock.systemUTC());

    assertThat(report.figure("fill empty tables: events/s").median()).isPositive();
    assertThat(report.figure("rows of lake.metrics_15m").median()).isPositive();
  }

  @Test
  void scoringRestoresEveryScorerAndKeepsItsStateSmall() {
    Report report =
        ScoringBenchmark.run(new ScoringBenchmark.Options(2, Duration.ofMinutes(60), 100, 1, 7));

    assertThat(report.figure("points scored in one thread").median()).isPositive();
    assertThat(report.figure("state of a series").median())
        .isPositive()
        .isLessThanOrEqualTo(SeriesScorer.STATE_LIMIT_BYTES);
  }

  @Test
  void gatewayAnswersEveryRequestAndSoDoesTheBareServer() throws Exception {
    Report report =
        GatewayBenchmark.run(
            new GatewayBenchmark.Options(
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1_000,
                100,
                true,
                Optional.of(Files.createDirectory(folder.resolve("profile")))),
            folder,
            Clock.systemUTC());

    assertThat(report.figure("gateway, single events flat out: events/s").median()).isPositive();
    assertThat(report.figure("bare server, single events flat out: events/s").median())
        .isPositive();
  }
}
