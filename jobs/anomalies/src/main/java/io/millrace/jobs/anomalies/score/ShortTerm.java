package io.millrace.jobs.anomalies.score;

import io.millrace.domain.anomaly.StateReader;
import io.millrace.domain.anomaly.StateWriter;
import java.util.Arrays;

/**
 * How far a series is off its season just now: five memories, from the last point alone to none,
 * weighed by how well each foretold the next point. So a series whose neighbours resemble each
 * other is judged by how it moves, and one of pure noise by its season.
 */
final class ShortTerm {
  private static final double[] MEMORY = {1, 0.5, 0.2, 0.05, 0};

  private final double[] off = new double[MEMORY.length];
  private final double[] errors = new double[MEMORY.length];

  ShortTerm() {
    Arrays.fill(errors, -1);
  }

  double foretell() {
    double weights = 0;
    double sum = 0;
    for (int i = 0; i < MEMORY.length; i++) {
      double weight = Math.pow((errors[i] < 0 ? 1 : errors[i]) + 1e-12, -6);
      weights += weight;
      sum += weight * off[i];
    }
    return sum / weights;
  }

  void learn(double cut, double share) {
    for (int i = 0; i < MEMORY.length; i++) {
      double error = Math.abs(cut - off[i]);
      errors[i] = errors[i] < 0 ? error + 1e-12 : errors[i] + (error - errors[i]) * share;
      off[i] += MEMORY[i] * (cut - off[i]);
    }
  }

  void write(StateWriter out) {
    out.put(off).put(errors);
  }

  void read(StateReader in) {
    in.next(off);
    in.next(errors);
  }
}
