package io.millrace.jobs.anomalies.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import smile.math.MathEx;

class MeasureForestTest {
  private static final double[] USUAL = {0.2, 0.1, 0.2};

  /** Page views up while visitors are down: each is common alone, together they never were. */
  private static final double[] TORN = {1.8, -1.8, 1.8};

  @Test
  void theSameSeedGivesTheSameForestWhateverOthersDraw() {
    double[][] residuals = residuals();
    MeasureForest first = MeasureForest.grow(residuals, 42, "v1");

    MathEx.random();
    IntStream.range(0, 64).parallel().forEach(i -> MathEx.random());
    MeasureForest second = MeasureForest.grow(residuals, 42, "v1");
    MeasureForest other = MeasureForest.grow(residuals, 43, "v1");

    for (double[] row : residuals) {
      assertThat(second.score(row)).isEqualTo(first.score(row));
    }
    assertThat(other.score(TORN)).isNotEqualTo(first.score(TORN));
    assertThat(first.version()).isEqualTo("v1");
  }

  @Test
  void measuresThatMoveApartAreOdderThanThoseThatMoveTogether() {
    MeasureForest forest = MeasureForest.grow(residuals(), 1, "v1");

    assertThat(forest.score(TORN)).isGreaterThan(forest.score(new double[] {1.8, 1.8, 1.8}));
    assertThat(forest.score(TORN)).isGreaterThan(forest.score(USUAL) + 0.1);
    assertThat(forest.score(new double[] {1e9, 1e9, 1e9})).isBetween(0.5, 1.0);
  }

  @Test
  void saysWhatItNeeds() {
    MeasureForest forest = MeasureForest.grow(residuals(), 1, "v1");

    assertThatThrownBy(() -> MeasureForest.grow(new double[10][3], 1, "v1"))
        .hasMessage("Cannot grow a forest from 10 windows; at least 64 are needed");
    assertThatThrownBy(() -> MeasureForest.grow(new double[100][1], 1, "v1"))
        .hasMessage("Cannot grow a forest from 1 measure; at least 2 are needed");
    assertThatThrownBy(() -> forest.score(new double[2]))
        .hasMessage("Cannot score 2 measures; the forest grew from 3");
  }

  /** Measures that move together. */
  private static double[][] residuals() {
    Random random = new Random(11);
    double[][] rows = new double[2000][];
    for (int i = 0; i < rows.length; i++) {
      double common = random.nextGaussian();
      rows[i] =
          new double[] {
            common + 0.2 * random.nextGaussian(),
            common + 0.2 * random.nextGaussian(),
            common + 0.2 * random.nextGaussian()
          };
    }
    return rows;
  }
}
