package io.millrace.domain.anomaly;

/**
 * How rare a deviation is among a series' own past ones.
 *
 * <p>Within the past it is the conformal rank: the share of past deviations that were as large.
 * Beyond, a Pareto tail fitted to the largest ones goes on (Hill's estimator, drawn towards a
 * moderate tail while they are few), so that twice the largest of a calm series is rare and twice
 * the largest of a wild one is not. The past fades over {@code forgetPoints}.
 */
public final class PastRank {
  private static final int BINS = 260;
  private static final double LEAST = 0.02;
  private static final double STEP = Math.log(1.1);
  private static final double TAIL_SHARE = 0.03;
  private static final double TAIL_COUNT = 10;
  private static final double USUAL_TAIL = 0.25;
  private static final double USUAL_TAIL_WEIGHT = 5;
  private static final double RESCALE_AT = 1e4;
  private static final double ENOUGH = 20;

  private final float[] bins = new float[BINS];
  private final double growth;
  private double total;
  private double weight = 1;

  public PastRank(double forgetPoints) {
    this.growth = 1 + 1 / forgetPoints;
  }

  /** Adds a deviation to the past. */
  public void add(double deviation) {
    bins[bin(deviation)] += (float) weight;
    total += weight;
    weight *= growth;
    if (weight > RESCALE_AT) {
      for (int i = 0; i < BINS; i++) {
        bins[i] /= (float) weight;
      }
      total /= weight;
      weight = 1;
    }
  }

  /**
   * The negative decimal logarithm of how probable a deviation at least this large is; 0 while
   * there is no past to speak of.
   *
   * @param spanPoints over how many points one deviation lasts
   */
  public double surprise(double deviation, double spanPoints) {
    double count = total / weight;
    if (count < ENOUGH) {
      return 0;
    }
    double wanted =
        Math.min(0.5 * count, Math.max(TAIL_SHARE * count, Math.max(TAIL_COUNT, spanPoints)));
    double inTail = 0;
    double logs = 0;
    int first = BINS - 1;
    for (; first > 0; first--) {
      double here = bins[first] / weight;
      inTail += here;
      logs += here * (first + 0.5) * STEP;
      if (inTail >= wanted) {
        break;
      }
    }
    double tailStart = LEAST * Math.exp(first * STEP);
    if (deviation <= tailStart) {
      double above = inTail;
      for (int i = first - 1; i >= bin(deviation); i--) {
        above += bins[i] / weight;
      }
      return -Math.log10(Math.min(1, (above + 1) / (count + 1)));
    }
    double independent = inTail / Math.max(1, spanPoints / 5);
    double hill = logs / Math.max(inTail, 1e-9) - first * STEP;
    double tail =
        (hill * independent + USUAL_TAIL * USUAL_TAIL_WEIGHT) / (independent + USUAL_TAIL_WEIGHT);
    return -Math.log10(Math.min(1, (inTail + 1) / (count + 1)))
        + Math.log10(deviation / tailStart) / tail;
  }

  public void write(StateWriter out) {
    out.put(bins).put(total).put(weight);
  }

  public void read(StateReader in) {
    in.next(bins);
    total = in.nextDouble();
    weight = in.nextDouble();
  }

  private static int bin(double deviation) {
    if (!(deviation > LEAST)) {
      return 0;
    }
    return Math.min(BINS - 1, (int) (Math.log(deviation / LEAST) / STEP));
  }
}
