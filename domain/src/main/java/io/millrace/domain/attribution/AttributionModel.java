package io.millrace.domain.attribution;

import io.millrace.domain.channel.ChannelRules;
import io.millrace.domain.goal.Touch;
import java.util.Arrays;
import java.util.List;

/** How the credit for a conversion is given to the sessions that led to it. */
public enum AttributionModel {
  /** All to the first. */
  FIRST("first"),
  /** All to the last, which is the session of the conversion. */
  LAST("last"),
  /** All to the last that did not come directly; if all did, to the last. */
  LAST_NON_DIRECT("last_non_direct"),
  /** To each the same. */
  LINEAR("linear"),
  /** The more recent the more: a session that began a half-life earlier gets half as much. */
  TIME_DECAY("time_decay"),
  /** 40 % to the first, 40 % to the last, the rest evenly to those between; of two, half each. */
  POSITION_BASED("position_based");

  private final String label;

  AttributionModel(String label) {
    this.label = label;
  }

  /** The name in {@code lake.attribution.model}. */
  public String label() {
    return label;
  }

  /**
   * What each touch weighs; the sum is above 0.
   *
   * @param touches one or more, in order of their start
   */
  double[] weights(List<Touch> touches, long halfLifeMs) {
    int size = touches.size();
    double[] weights = new double[size];
    switch (this) {
      case FIRST -> weights[0] = 1;
      case LAST -> weights[size - 1] = 1;
      case LAST_NON_DIRECT -> weights[lastNonDirect(touches)] = 1;
      case LINEAR -> Arrays.fill(weights, 1);
      case TIME_DECAY -> {
        // Ages count from the last touch, so that the sum never vanishes; the shares are the same.
        long lastAt = touches.get(size - 1).startedAt;
        for (int i = 0; i < size; i++) {
          double halfLives = (double) (lastAt - touches.get(i).startedAt) / halfLifeMs;
          weights[i] = StrictMath.pow(2, -halfLives);
        }
      }
      case POSITION_BASED -> {
        // In units in which each of the middle ones weighs 1: 2 : 1 : 2 between the three parts.
        Arrays.fill(weights, 1);
        if (size > 2) {
          weights[0] = 2.0 * (size - 2);
          weights[size - 1] = 2.0 * (size - 2);
        }
      }
    }
    return weights;
  }

  private static int lastNonDirect(List<Touch> touches) {
    for (int i = touches.size() - 1; i >= 0; i--) {
      if (!ChannelRules.DIRECT.equals(touches.get(i).channel)) {
        return i;
      }
    }
    return touches.size() - 1;
  }
}
