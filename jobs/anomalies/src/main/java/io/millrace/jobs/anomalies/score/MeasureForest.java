package io.millrace.jobs.anomalies.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import smile.anomaly.IsolationForest;
import smile.anomaly.IsolationTree;
import smile.math.MathEx;
import smile.stat.distribution.GaussianDistribution;

/**
 * How odd the measures of one segment are together: an isolation forest on what their series were
 * off, each in its own spreads. It sees page views without visitors, where each alone is usual.
 *
 * <p>The same residuals, seed and version give the same forest, on any machine. Smile's own {@code
 * fit} does not promise that, for two reasons. It grows trees in a parallel stream, and each thread
 * of the pool draws from a generator of its own that no seed given to the caller reaches; so the
 * trees are grown one after the other here. And its normal distribution is one object for all
 * threads that makes two values at a time and keeps the second, from before the seed, for whoever
 * asks next; so it is emptied first, under a lock.
 */
public final class MeasureForest {
  private static final int TREES = 50;
  private static final int SAMPLE = 256;
  private static final int LEAST_ROWS = 64;

  /** Cuts go through all measures at once, not one at a time. */
  private static final int SLOPED = 1;

  /** Beyond this a residual is as odd as can be; one outage must not stretch the scale. */
  private static final double LARGEST_SPREADS = 8;

  private static final GaussianDistribution NORMAL = GaussianDistribution.getInstance();

  private final IsolationForest forest;
  private final String version;
  private final int measures;

  private MeasureForest(IsolationForest forest, String version, int measures) {
    this.forest = forest;
    this.version = version;
    this.measures = measures;
  }

  /**
   * Grows a forest.
   *
   * @param residuals a row per window, in spreads of each measure's series; at least 64
   * @param version what its verdicts are to be told by
   */
  public static MeasureForest grow(double[][] residuals, long seed, String version) {
    if (residuals.length < LEAST_ROWS) {
      throw new IllegalArgumentException(
          "Cannot grow a forest from "
              + residuals.length
              + " windows; at least "
              + LEAST_ROWS
              + " are needed");
    }
    int measures = residuals[0].length;
    if (measures < 2) {
      throw new IllegalArgumentException(
          "Cannot grow a forest from " + measures + " measure; at least 2 are needed");
    }
    double[][] cut = Arrays.stream(residuals).map(MeasureForest::cut).toArray(double[][]::new);
    return new MeasureForest(growTrees(cut, seed), version, measures);
  }

  private static IsolationForest growTrees(double[][] rows, long seed) {
    int sample = Math.min(SAMPLE, rows.length);
    int depth = (int) Math.ceil(Math.log(sample) / Math.log(2));
    Random seeds = new Random(seed);
    IsolationTree[] trees = new IsolationTree[TREES];
    for (int i = 0; i < TREES; i++) {
      Random draws = new Random(seeds.nextLong());
      List<double[]> drawn = new ArrayList<>(sample);
      int[] order = shuffled(rows.length, sample, draws);
      for (int j = 0; j < sample; j++) {
        drawn.add(rows[order[j]]);
      }
      synchronized (NORMAL) {
        seed(draws.nextLong());
        trees[i] = new IsolationTree(drawn, depth, SLOPED);
      }
    }
    return new IsolationForest(sample, SLOPED, trees);
  }

  private static void seed(long seed) {
    MathEx.setSeed(seed);
    NORMAL.rand();
    double next = MathEx.random();
    MathEx.setSeed(seed);
    boolean hadKeptOne = next == MathEx.random();
    if (!hadKeptOne) {
      NORMAL.rand();
    }
    MathEx.setSeed(seed);
  }

  private static int[] shuffled(int count, int wanted, Random draws) {
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    for (int i = 0; i < wanted; i++) {
      int other = i + draws.nextInt(count - i);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** 0 to 1; about a half is usual, towards 1 is odd. */
  public double score(double[] residuals) {
    if (residuals.length != measures) {
      throw new IllegalArgumentException(
          "Cannot score " + residuals.length + " measures; the forest grew from " + measures);
    }
    return forest.score(cut(residuals));
  }

  public String version() {
    return version;
  }

  private static double[] cut(double[] residuals) {
    return Arrays.stream(residuals)
        .map(value -> Math.max(-LARGEST_SPREADS, Math.min(LARGEST_SPREADS, value)))
        .toArray();
  }
}
