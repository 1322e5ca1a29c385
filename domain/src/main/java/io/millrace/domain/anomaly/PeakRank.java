package io.millrace.domain.anomaly;

/**
 * How rare the highest surprise of a day is among those of the series' own past days.
 *
 * <p>What is rare point by point may still come every Monday: a model is never quite right. So the
 * peaks of past days are kept, and a surprise counts by how far it goes beyond them. Surprises are
 * logarithms, so the tail beyond is exponential. Before there are peaks, those that pure noise
 * would give stand in for {@link #PRIOR_DAYS} days. A peak enters only as far as it is believable,
 * else one outage would hide the next.
 */
final class PeakRank {
  static final double PRIOR_DAYS = 12;
  private static final int KEPT = 120;
  private static final double USUAL_SPREAD = 0.6;
  private static final double NOISE_PEAK = 0.25;
  private static final double LEAST_SPREAD = 0.2;
  private static final double BELIEVED_SPREADS = 4;
  private static final double PRIOR_SHARE_ABOVE = 0.16;
  private static final double TAIL_PRIOR = 4;
  private static final double TO_SURPRISE = 0.43;

  private final double spanMillis;
  private final double spanLog;
  private final double usual;
  private final double[] peaks = new double[KEPT];
  private int count;
  private long days;
  private long span = Long.MIN_VALUE;
  private double peak = Surprise.NONE;
  private double middle;
  private double spread = USUAL_SPREAD;

  PeakRank(double spanMillis) {
    this.spanMillis = spanMillis;
    this.spanLog = Math.log10(spanMillis / Surprise.WEEK_MILLIS);
    this.usual = spanLog + NOISE_PEAK;
    this.middle = usual;
  }

  /** How often, as {@link Surprise} counts it, this series has such a peak. */
  double rank(long timestampMillis, double surprise) {
    if (surprise <= Surprise.NONE) {
      return Surprise.NONE;
    }
    long now = (long) Math.floor(timestampMillis / spanMillis);
    if (now > span) {
      if (peak > Surprise.NONE) {
        keep(peak);
      }
      peak = Surprise.NONE;
      span = now;
    }
    peak = Math.max(peak, surprise);

    double high = middle + spread;
    if (surprise < high) {
      return usual + (surprise - middle) / Math.max(spread, LEAST_SPREAD) * USUAL_SPREAD;
    }
    int above = 0;
    double excess = 0;
    for (int i = 0; i < count; i++) {
      if (peaks[i] >= high) {
        above++;
        excess += peaks[i] - high;
      }
    }
    double tail = (excess + USUAL_SPREAD * 0.6 * TAIL_PRIOR) / (above + TAIL_PRIOR);
    double share = (above + PRIOR_SHARE_ABOVE * PRIOR_DAYS) / (count + PRIOR_DAYS);
    return spanLog - Math.log10(share) + (surprise - high) / tail * TO_SURPRISE;
  }

  private void keep(double value) {
    if (count == KEPT) {
      System.arraycopy(peaks, 1, peaks, 0, KEPT - 1);
      count--;
    }
    peaks[count++] = Math.min(value, middle + BELIEVED_SPREADS * spread);
    double share = 1 / (Math.min(days, KEPT) + PRIOR_DAYS + 1);
    double off = value - middle;
    middle += share * Math.max(-3 * spread, Math.min(3 * spread, off));
    spread += share * (Math.min(Math.abs(off), 6 * spread) - spread);
    days++;
  }

  void write(StateWriter out) {
    out.put(peaks, count).put(days).put(span).put(peak).put(middle).put(spread);
  }

  void read(StateReader in) {
    count = in.next(peaks);
    days = in.nextLong();
    span = in.nextLong();
    peak = in.nextDouble();
    middle = in.nextDouble();
    spread = in.nextDouble();
  }
}
