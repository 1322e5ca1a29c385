package io.millrace.jobs.anomalies.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Verdict;
import io.millrace.jobs.anomalies.score.LabelledSeries.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the scorer does on real series with labels, of which it is told nothing. */
class LabelledSeriesTest {
  private static final double PROBATION = 0.15;
  private static final int LONGEST_PROBATION_ROWS = 750;

  @Test
  void threeOfFourLabelledAnomaliesAreFoundAndSeriesWithoutOneAlarmAtMostOnce() throws IOException {
    int labelled = 0;
    int found = 0;
    int falseAlarms = 0;
    for (String name : LabelledSeries.names()) {
      List<Window> windows = LabelledSeries.windows(name);
      List<Long> alarms = alarms(name);

      long outside =
          alarms.stream().filter(at -> windows.stream().noneMatch(w -> w.holds(at))).count();
      labelled += windows.size();
      found += (int) windows.stream().filter(w -> alarms.stream().anyMatch(w::holds)).count();
      falseAlarms += (int) outside;
      if (windows.isEmpty()) {
        assertThat(outside).as(name).isLessThanOrEqualTo(1);
      }
    }

    System.out.printf("labelled: %d of %d found, %d false alarms%n", found, labelled, falseAlarms);
    assertThat((double) found / labelled).isGreaterThanOrEqualTo(0.75);
    assertThat(falseAlarms).isLessThanOrEqualTo(55);
  }

  /** Times of alarms after the part of a series that is not judged. */
  private static List<Long> alarms(String name) throws IOException {
    List<Point> points = LabelledSeries.points(name);
    SeriesScorer scorer = new OwnPastModel().start(Series.unknown(name));
    int probation = (int) Math.min(PROBATION * points.size(), LONGEST_PROBATION_ROWS);
    List<Long> alarms = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Verdict verdict = scorer.score(points.get(i));
      if (i >= probation && verdict.alarm()) {
        alarms.add(verdict.timestampMillis());
      }
    }
    return alarms;
  }
}
