package io.millrace.domain.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.domain.session.SessionRules;
import org.junit.jupiter.api.Test;

class VisitorSketchTest {
  @Test
  void countsFewVisitorsExactlyHoweverOftenTheyCome() {
    byte[] sketch = VisitorSketch.add(null, hashes(0, 1_000), 1_000);
    sketch = VisitorSketch.add(sketch, hashes(500, 1_000), 1_000);

    assertThat(VisitorSketch.estimate(sketch)).isEqualTo(1_500);
  }

  @Test
  void staysWithinThreeStandardErrorsForMany() {
    byte[] one = VisitorSketch.add(null, hashes(0, 60_000), 60_000);
    byte[] other = VisitorSketch.add(null, hashes(40_000, 60_000), 60_000);

    long estimate = VisitorSketch.estimate(VisitorSketch.union(one, other));

    assertThat((double) estimate).isCloseTo(100_000, within(100_000 * 0.0243));
  }

  @Test
  void sketchesOfTheSameVisitorsAreTheSameInWhateverOrderTheyWereFilled() {
    for (int count : new int[] {3, 500, 20_000}) {
      long[] hashes = hashes(0, count);
      long[] backwards = new long[count];
      for (int i = 0; i < count; i++) {
        backwards[i] = hashes[count - 1 - i];
      }
      byte[] sketch = VisitorSketch.add(null, hashes, count);

      assertThat(VisitorSketch.sameVisitors(sketch, VisitorSketch.add(null, backwards, count)))
          .as("%d visitors", count)
          .isTrue();
    }
  }

  @Test
  void tellsSketchesApartThatDifferByOneOfFewVisitors() {
    byte[] sketch = VisitorSketch.add(null, hashes(0, 500), 500);

    assertThat(VisitorSketch.sameVisitors(sketch, VisitorSketch.add(null, hashes(1, 500), 500)))
        .isFalse();
    assertThat(VisitorSketch.sameVisitors(sketch, VisitorSketch.add(null, hashes(0, 499), 499)))
        .isFalse();
  }

  @Test
  void noSketchHoldsTheVisitorsOfAnEmptyOne() {
    assertThat(VisitorSketch.sameVisitors(null, null)).isTrue();
    assertThat(VisitorSketch.sameVisitors(null, VisitorSketch.add(null, new long[0], 0))).isTrue();
    assertThat(VisitorSketch.sameVisitors(null, VisitorSketch.add(null, hashes(0, 1), 1)))
        .isFalse();
  }

  @Test
  void countsNobodyInNoSketch() {
    assertThat(VisitorSketch.estimate(null)).isZero();
  }

  private static long[] hashes(int from, int count) {
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = SessionRules.hash("visitor-" + (from + i));
    }
    return hashes;
  }
}
