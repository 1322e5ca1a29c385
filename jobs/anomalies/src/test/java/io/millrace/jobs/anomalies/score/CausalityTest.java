package io.millrace.jobs.anomalies.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.Point;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import io.millrace.domain.anomaly.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A verdict rests on its point and those before it, also across a restore. */
class CausalityTest {
  private static final int GENERATED = 12;

  @Test
  void theVerdictsOfAPrefixAreThePrefixOfTheVerdictsForAllLabelledSeries() throws IOException {
    for (String name : LabelledSeries.names()) {
      check(Series.unknown(name), LabelledSeries.points(name));
    }
  }

  @Test
  void theVerdictsOfAPrefixAreThePrefixOfTheVerdictsForTraffic() {
    IntStream.range(0, GENERATED)
        .mapToObj(number -> TrafficGenerator.make(5, number))
        .forEach(traffic -> check(traffic.series(), traffic.points()));
  }

  private static void check(Series series, List<Point> points) {
    OwnPastModel model = new OwnPastModel();
    SeriesScorer whole = model.start(series);
    int half = points.size() / 2;
    List<Verdict> before = score(whole, points.subList(0, half));
    byte[] halfway = whole.state();
    List<Verdict> after = score(whole, points.subList(half, points.size()));

    SeriesScorer prefix = model.start(series);
    SeriesScorer restored = model.restore(series, halfway);

    assertThat(score(prefix, points.subList(0, half))).as(series.name()).isEqualTo(before);
    assertThat(prefix.state()).as(series.name()).isEqualTo(halfway);
    assertThat(restored.state()).as(series.name()).isEqualTo(halfway);
    assertThat(score(restored, points.subList(half, points.size())))
        .as(series.name())
        .isEqualTo(after);
    assertThat(restored.state())
        .as(series.name())
        .isEqualTo(whole.state())
        .hasSizeLessThanOrEqualTo(SeriesScorer.STATE_LIMIT_BYTES);
  }

  private static List<Verdict> score(SeriesScorer scorer, List<Point> points) {
    return points.stream().map(scorer::score).toList();
  }
}
