package io.millrace.domain.anomaly;

import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.VisitorSketch;

/**
 * The sums of a segment's window from which what is watched follows, as a few numbers side by side:
 * many windows are kept, and a float is exact enough to judge by.
 */
public final class SegmentValues {
  /** How many numbers a window has. */
  public static final int WIDTH = 8;

  static final int EVENTS = 0;
  static final int PAGE_VIEWS = 1;
  static final int CLICKS = 2;
  static final int VISITORS = 3;
  static final int CONVERSIONS = 4;
  static final int REVENUE_CENTS = 5;

  /** From here on what is only known once sessions have closed. */
  static final int SESSIONS = 6;

  static final int BOUNCES = 7;

  private SegmentValues() {}

  /** The numbers of a window; all 0 where nothing happened. */
  public static float[] of(Measures sums) {
    float[] values = new float[WIDTH];
    values[EVENTS] = sums.events;
    values[PAGE_VIEWS] = sums.pageViews;
    values[CLICKS] = sums.clicks;
    values[VISITORS] = VisitorSketch.estimate(sums.visitors);
    values[CONVERSIONS] = sums.conversions;
    values[REVENUE_CENTS] = sums.revenueCents;
    values[SESSIONS] = sums.sessions;
    values[BOUNCES] = sums.bounces;
    return values;
  }

  /** Whether two windows differ in what events say, or in what sessions say. */
  public static boolean differ(float[] one, float[] other, boolean ofSessions) {
    for (int i = ofSessions ? SESSIONS : 0; i < (ofSessions ? WIDTH : SESSIONS); i++) {
      if (one[i] != other[i]) {
        return true;
      }
    }
    return false;
  }
}
