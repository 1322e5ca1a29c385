package io.millrace.standalone.anomaly;

import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.domain.anomaly.VerdictState;
import io.millrace.domain.anomaly.WatchedMetric;
import io.millrace.jobs.anomalies.score.OwnPastModel;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the scorer of the pipeline would have said of a series. */
public final class Backtest {
  /**
   * Something unusual.
   *
   * @param end of the last window that was unusual
   * @param actual of the first window, as are the others
   */
  public record Event(
      Instant start,
      Instant end,
      double actual,
      double expected,
      double lower,
      double upper,
      double score) {}

  /**
   * What was found.
   *
   * @param windows how many were judged between the two times
   * @param learning how many of them were still learned from alone
   */
  public record Report(
      String series, String model, int windows, int learning, List<Event> events) {}

  private final List<Verdict> shown = new ArrayList<>();
  private final Report report;

  /**
   * Scores a series from its beginning.
   *
   * @param points in their order
   * @param fromMillis what is judged of windows that start earlier is not told
   */
  public Backtest(
      String name,
      WatchedMetric metric,
      Grain grain,
      ZoneId zone,
      List<Point> points,
      long fromMillis) {
    OwnPastModel model = new OwnPastModel();
    SeriesScorer scorer =
        model.start(new Series(name, metric.label(), metric.type(), grain.width(), zone, Set.of()));
    List<Event> events = new ArrayList<>();
    int learning = 0;
    for (Point point : points) {
      Verdict verdict = scorer.score(point);
      if (point.timestampMillis() < fromMillis) {
        continue;
      }
      shown.add(verdict);
      learning += verdict.state() == VerdictState.LEARNING ? 1 : 0;
      Instant start = Instant.ofEpochMilli(point.timestampMillis());
      Instant end = start.plus(grain.width());
      if (verdict.alarm()) {
        events.add(
            new Event(
                start,
                end,
                verdict.actual(),
                verdict.expected(),
                verdict.lower(),
                verdict.upper(),
                verdict.score()));
      } else if (verdict.state() == VerdictState.ANOMALOUS && !events.isEmpty()) {
        Event event = events.remove(events.size() - 1);
        events.add(
            new Event(
                event.start(),
                end,
                event.actual(),
                event.expected(),
                event.lower(),
                event.upper(),
                event.score()));
      }
    }
    this.report = new Report(name, model.version(), shown.size(), learning, List.copyOf(events));
  }

  public Report report() {
    return report;
  }

  /** The verdicts between the two times, in their order. */
  public List<Verdict> verdicts() {
    return List.copyOf(shown);
  }
}
