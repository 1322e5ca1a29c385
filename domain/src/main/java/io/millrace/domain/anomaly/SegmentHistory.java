package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Measures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What is remembered of one segment: its last windows as they are, and of older ones what is usual
 * by the hour of the day (UTC), as sums that lose half their weight in a week. A Flink POJO, kept
 * in state: up to 128 windows of 40 bytes and 768 bytes of what is usual.
 *
 * <p>All segments of a tenant are folded together, by the weights that the total gives its windows,
 * so that a segment's sum over the total's is its usual share. What is wrong must not become usual:
 * windows of an anomaly have no weight, one much busier than usual has no more than half as much
 * again, and a segment that is well known moves by at most a factor of three.
 */
public final class SegmentHistory {
  /** Windows younger than this are kept as they are: late data may still change them. */
  public static final long RECENT_MILLIS = Duration.ofHours(26).toMillis();

  /** The hours of a day. */
  static final int SLOTS = 24;

  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final double HALF_LIFE_MILLIS = Duration.ofDays(7).toMillis();
  private static final double MOST_WEIGHT = 1.5;
  private static final double MOST_FACTOR = 3;
  private static final double WELL_KNOWN = 20;

  /** Below this many things, a share of an hour leans on that of the whole day. */
  private static final double FEW = 100;

  /** Starts of the last windows that were not empty, ascending; epoch ms. */
  public long[] starts = {};

  /** Their values, all measures of a window together. */
  public float[] values = {};

  /** Sums by hour and measure; empty before anything was folded. */
  public float[] usual = {};

  /** The weight of all windows by hour; kept of the total alone. */
  public float[] weights = {};

  /** To when the sums were last aged, epoch ms. */
  public long asOfMillis;

  /** The start of the newest window that was not empty, epoch ms. */
  public long lastSeenMillis;

  /** The start of the oldest window that came in its time, epoch ms. */
  public long firstSeenMillis = Long.MAX_VALUE;

  /**
   * A window that goes into what is usual.
   *
   * @param totals the total's values in it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Folded(long startMillis, double weight, float[] totals) {}

  /** Takes a window as it is now; empty sums take back what was there. */
  public void put(long startMillis, Measures sums) {
    int at = Arrays.binarySearch(starts, startMillis);
    if (sums == null || sums.isEmpty()) {
      if (at >= 0) {
        remove(at);
      }
      return;
    }
    if (at < 0) {
      at = -at - 1;
      insert(at, startMillis);
    }
    for (SegmentMeasure measure : SegmentMeasure.values()) {
      values[at * SegmentMeasure.COUNT + measure.at()] = measure.in(sums);
    }
    lastSeenMillis = Math.max(lastSeenMillis, startMillis);
    firstSeenMillis = Math.min(firstSeenMillis, startMillis);
  }

  /**
   * Takes at once what a window says about what is usual that came as history, in an import, in any
   * order: before this segment was seen in its time. Nothing tells then whether the window was
   * unusual itself.
   *
   * @param isTotal whether this is the total
   * @return false where the window has been folded, and so is known
   */
  public boolean learnPast(long startMillis, Measures sums, boolean isTotal, long nowMillis) {
    if (startMillis >= firstSeenMillis || sums == null) {
      return false;
    }
    if (usual.length == 0) {
      usual = new float[SLOTS * SegmentMeasure.COUNT];
      asOfMillis = nowMillis;
    }
    if (isTotal && weights.length == 0) {
      weights = new float[SLOTS];
    }
    int hour = hour(startMillis);
    double weight = aged(asOfMillis - startMillis);
    for (SegmentMeasure measure : SegmentMeasure.values()) {
      usual[hour * SegmentMeasure.COUNT + measure.at()] += (float) (weight * measure.in(sums));
    }
    if (isTotal) {
      weights[hour] += (float) weight;
    }
    lastSeenMillis = Math.max(lastSeenMillis, startMillis);
    return true;
  }

  private void insert(int at, long startMillis) {
    long[] newStarts = new long[starts.length + 1];
    System.arraycopy(starts, 0, newStarts, 0, at);
    newStarts[at] = startMillis;
    System.arraycopy(starts, at, newStarts, at + 1, starts.length - at);
    int width = SegmentMeasure.COUNT;
    float[] newValues = new float[values.length + width];
    System.arraycopy(values, 0, newValues, 0, at * width);
    System.arraycopy(values, at * width, newValues, (at + 1) * width, values.length - at * width);
    starts = newStarts;
    values = newValues;
  }

  private void remove(int at) {
    long[] newStarts = new long[starts.length - 1];
    System.arraycopy(starts, 0, newStarts, 0, at);
    System.arraycopy(starts, at + 1, newStarts, at, newStarts.length - at);
    int width = SegmentMeasure.COUNT;
    float[] newValues = new float[values.length - width];
    System.arraycopy(values, 0, newValues, 0, at * width);
    System.arraycopy(
        values, (at + 1) * width, newValues, at * width, newValues.length - at * width);
    starts = newStarts;
    values = newValues;
  }

  /** The sum over the windows that start from one time up to, not including, another. */
  double actual(SegmentMeasure measure, long fromMillis, long toMillis) {
    int at = Arrays.binarySearch(starts, fromMillis);
    double sum = 0;
    for (int i = at < 0 ? -at - 1 : at; i < starts.length && starts[i] < toMillis; i++) {
      sum += values[i * SegmentMeasure.COUNT + measure.at()];
    }
    return sum;
  }

  /** Of the total: its windows before this time that say something about what is usual. */
  public List<Folded> foldedBefore(long millis, LongPredicate suspect) {
    List<Folded> folded = new ArrayList<>();
    for (int i = 0; i < starts.length && starts[i] < millis; i++) {
      if (!suspect.test(starts[i])) {
        int from = i * SegmentMeasure.COUNT;
        float[] totals = Arrays.copyOfRange(values, from, from + SegmentMeasure.COUNT);
        folded.add(new Folded(starts[i], weight(starts[i], totals), totals));
      }
    }
    return folded;
  }

  private double weight(long startMillis, float[] totals) {
    double usually = level(SegmentMeasure.EVENTS, hour(startMillis));
    double events = totals[SegmentMeasure.EVENTS.at()];
    return usually <= 0 ? 1 : Math.min(1, MOST_WEIGHT * usually / Math.max(events, 1));
  }

  /**
   * Lets go of windows before a time, and takes what they say about what is usual. The total is
   * folded last, as the segments are compared with what it was.
   *
   * @param total this itself for the total
   */
  public void fold(List<Folded> folded, SegmentHistory total, long beforeMillis, long nowMillis) {
    if (usual.length == 0) {
      usual = new float[SLOTS * SegmentMeasure.COUNT];
    }
    if (total == this && weights.length == 0) {
      weights = new float[SLOTS];
    }
    SegmentHistory before = new SegmentHistory();
    before.usual = usual.clone();
    age(nowMillis);
    for (Folded window : folded) {
      int hour = hour(window.startMillis);
      double weight = window.weight * aged(nowMillis - window.startMillis);
      for (SegmentMeasure measure : SegmentMeasure.values()) {
        double value = actual(measure, window.startMillis, window.startMillis + 1);
        if (total != this) {
          double expected = before.share(total, measure, hour) * window.totals[measure.at()];
          if (expected >= WELL_KNOWN) {
            value = Math.max(expected / MOST_FACTOR, Math.min(MOST_FACTOR * expected, value));
          }
        }
        usual[hour * SegmentMeasure.COUNT + measure.at()] += (float) (weight * value);
      }
      if (total == this) {
        weights[hour] += (float) weight;
      }
    }
    int gone = Arrays.binarySearch(starts, beforeMillis);
    gone = gone < 0 ? -gone - 1 : gone;
    starts = Arrays.copyOfRange(starts, gone, starts.length);
    values = Arrays.copyOfRange(values, gone * SegmentMeasure.COUNT, values.length);
  }

  private void age(long nowMillis) {
    float factor = (float) aged(nowMillis - asOfMillis);
    for (int i = 0; i < usual.length; i++) {
      usual[i] *= factor;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= factor;
    }
    asOfMillis = nowMillis;
  }

  private static double aged(long millis) {
    return Math.pow(2, -millis / HALF_LIFE_MILLIS);
  }

  static int hour(long millis) {
    return (int) Math.floorMod(Math.floorDiv(millis, HOUR_MILLIS), (long) SLOTS);
  }

  /** This segment's usual share of the total at that hour; where little was seen, of the day. */
  double share(SegmentHistory total, SegmentMeasure measure, int hour) {
    double ofDay = total.usualOfDay(measure);
    if (ofDay <= 0) {
      return 0;
    }
    double few = FEW;
    if (measure == SegmentMeasure.REVENUE_CENTS) {
      few *= ofDay / Math.max(1, total.usualOfDay(SegmentMeasure.CONVERSIONS));
    }
    double overall = usualOfDay(measure) / ofDay;
    return (usualAt(measure, hour) + few * overall) / (total.usualAt(measure, hour) + few);
  }

  /** Of the total: what a window of that hour usually has; 0 before anything was folded. */
  double level(SegmentMeasure measure, int hour) {
    double weight = weights.length == 0 ? 0 : weights[hour];
    return weight <= 0 ? 0 : usualAt(measure, hour) / weight;
  }

  private double usualAt(SegmentMeasure measure, int hour) {
    return usual.length == 0 ? 0 : usual[hour * SegmentMeasure.COUNT + measure.at()];
  }

  private double usualOfDay(SegmentMeasure measure) {
    double sum = 0;
    for (int i = measure.at(); i < usual.length; i += SegmentMeasure.COUNT) {
      sum += usual[i];
    }
    return sum;
  }

  /** How much there is of it, to tell which segments matter most. */
  public double size() {
    return usualOfDay(SegmentMeasure.EVENTS)
        + actual(SegmentMeasure.EVENTS, Long.MIN_VALUE, Long.MAX_VALUE);
  }
}
