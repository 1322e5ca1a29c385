package io.millrace.benchmarks.anomalies;

import io.millrace.benchmarks.measure.Cpu;
import io.millrace.benchmarks.measure.Report;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.SeriesType;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.jobs.anomalies.score.OwnPastModel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Points scored by scorers whose history is full, in one thread, and the bytes of their state. */
public final class ScoringBenchmark {
  private static final int HISTORY_DAYS = 30;
  private static final double DAY_MINUTES = 1440;
  private static final long START_MILLIS = Instant.parse("2026-03-01T23:00:00Z").toEpochMilli();

  /**
   * What is scored.
   *
   * @param cadence of all series
   * @param points of each series in a round, after its history
   */
  public record Options(int series, Duration cadence, int points, int rounds, long seed) {}

  private ScoringBenchmark() {}

  public static Report run(Options options) {
    ScorerModel model = new OwnPastModel();
    Random random = new Random(options.seed());
    List<Series> all = new ArrayList<>();
    List<SeriesScorer> scorers = new ArrayList<>();
    for (int i = 0; i < options.series(); i++) {
      Series series =
          new Series(
              "series-" + i,
              "page_views",
              SeriesType.COUNT,
              options.cadence(),
              ZoneId.of("Europe/Berlin"),
              Set.of());
      all.add(series);
      scorers.add(model.start(series));
    }
    int history =
        (int) (HISTORY_DAYS * Duration.ofDays(1).toMillis() / options.cadence().toMillis());
    score(scorers, options.cadence(), 0, history, random);

    Report report = new Report("anomaly scoring, " + model.version());
    int next = history;
    for (int round = 0; round < options.rounds(); round++) {
      Cpu before = Cpu.now();
      long start = System.nanoTime();
      int alarms = score(scorers, options.cadence(), next, options.points(), random);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuMicros = Cpu.now().processNanosSince(before) / 1e3;
      double scored = (double) options.points() * options.series();
      next += options.points();
      report.add("points scored in one thread", "1/s", scored / seconds);
      report.add("CPU a point", "µs", cpuMicros / scored);
      report.add("alarms", "", alarms);
    }
    for (int i = 0; i < scorers.size(); i++) {
      byte[] state = scorers.get(i).state();
      report.add("state of a series", "bytes", state.length);
      check(model.restore(all.get(i), state), scorers.get(i), options.cadence(), next);
    }
    return report;
  }

  private static void check(SeriesScorer restored, SeriesScorer scorer, Duration cadence, int at) {
    Point point = new Point(START_MILLIS + at * cadence.toMillis(), 100);
    Verdict expected = scorer.score(point);
    Verdict actual = restored.score(point);
    if (!actual.equals(expected)) {
      throw new IllegalStateException(
          "A restored scorer says " + actual + ", the one before said " + expected);
    }
  }

  private static int score(
      List<SeriesScorer> scorers, Duration cadence, int from, int count, Random random) {
    int alarms = 0;
    for (int i = from; i < from + count; i++) {
      double minute = i * (double) cadence.toMinutes() % DAY_MINUTES;
      double usual = 200 + 150 * Math.sin(2 * Math.PI * minute / DAY_MINUTES);
      for (SeriesScorer scorer : scorers) {
        double value = Math.max(0, Math.rint(usual + Math.sqrt(usual) * random.nextGaussian()));
        Verdict verdict = scorer.score(new Point(START_MILLIS + i * cadence.toMillis(), value));
        alarms += verdict.alarm() ? 1 : 0;
      }
    }
    return alarms;
  }
}
