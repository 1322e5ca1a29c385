package io.millrace.domain.anomaly;

import java.util.Arrays;

/**
 * How rare a value is as the highest of its day, among the highest of the past month's days.
 *
 * <p>Knows nothing of seasons or noise, so it sees what a model of a bursty series cannot: that
 * bursts of 5 million have come every day, and this one has 8. With n excesses of past days known,
 * the next has a Lomax tail of shape n.
 */
final class RecordRank {
  private static final int KEPT = 30;
  private static final int ENOUGH = 3;
  private static final double LEAST_EXCESS_SHARE = 0.02;
  private static final double DAY_LOG = Math.log10(1.0 / 7);

  private final double[] highs = new double[KEPT];
  private int count;
  private long day = Long.MIN_VALUE;
  private double high = Double.NEGATIVE_INFINITY;

  // Of the highs; made anew when a day ends.
  private double median;
  private double excess;
  private int above;

  double rank(long timestampMillis, double value) {
    long now = Math.floorDiv(timestampMillis, Surprise.DAY_MILLIS);
    if (now > day) {
      if (high > Double.NEGATIVE_INFINITY) {
        keep(high);
      }
      high = Double.NEGATIVE_INFINITY;
      day = now;
    }
    high = Math.max(high, value);

    if (count < ENOUGH || value <= median) {
      return Surprise.NONE;
    }
    double known = excess + LEAST_EXCESS_SHARE * Math.abs(median) + 1e-9;
    double share = (above + 0.5) / (count + 1);
    return DAY_LOG - Math.log10(share) + (above + 1) * Math.log10(1 + (value - median) / known);
  }

  private void keep(double value) {
    if (count == KEPT) {
      System.arraycopy(highs, 1, highs, 0, KEPT - 1);
      count--;
    }
    highs[count++] = value;
    summarise();
  }

  private void summarise() {
    double[] sorted = Arrays.copyOf(highs, count);
    Arrays.sort(sorted);
    median = count == 0 ? 0 : sorted[count / 2];
    excess = 0;
    above = 0;
    for (double one : sorted) {
      if (one > median) {
        excess += one - median;
        above++;
      }
    }
  }

  void write(StateWriter out) {
    out.put(highs, count).put(day).put(high);
  }

  void read(StateReader in) {
    count = in.next(highs);
    day = in.nextLong();
    high = in.nextDouble();
    summarise();
  }
}
