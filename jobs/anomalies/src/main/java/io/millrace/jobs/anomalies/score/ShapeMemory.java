package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;

/**
 * How little the last twelve points resemble any twelve in a row of the last two thousand: the mean
 * distance to the two nearest. It needs no season, and sees a shape that never was although each of
 * its values is common.
 */
final class ShapeMemory {
  static final int LAG = 12;
  private static final int KEPT = 2048 + LAG;

  private final float[] ring = new float[KEPT];
  private final float[] now = new float[LAG];
  private long count;

  /** Adds a value and returns the distance, or NaN while there is too little to compare with. */
  double add(double value) {
    ring[(int) (count % KEPT)] = (float) value;
    count++;
    return count > 3L * LAG ? distance() : Double.NaN;
  }

  private double distance() {
    long last = count - 1;
    for (int i = 0; i < LAG; i++) {
      now[i] = ring[(int) Math.floorMod(last - i, (long) KEPT)];
    }
    float nearest = Float.MAX_VALUE;
    float second = Float.MAX_VALUE;
    long oldest = count - Math.min(count, KEPT);
    int end = (int) Math.floorMod(last - LAG, (long) KEPT);
    for (long windows = last - LAG - (LAG - 1) - oldest + 1; windows > 0; windows--) {
      float sum = 0;
      int place = end;
      for (int i = 0; i < LAG && sum < second; i++) {
        float apart = ring[place] - now[i];
        sum += apart * apart;
        place = place == 0 ? KEPT - 1 : place - 1;
      }
      if (sum < nearest) {
        second = nearest;
        nearest = sum;
      } else if (sum < second) {
        second = sum;
      }
      end = end == 0 ? KEPT - 1 : end - 1;
    }
    return Math.sqrt(((double) nearest + second) / 2);
  }

  void write(StateWriter out) {
    out.put(ring).put(count);
  }

  void read(StateReader in) {
    in.next(ring);
    count = in.nextLong();
  }
}
