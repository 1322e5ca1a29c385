package io.millrace.domain.alert;

import java.time.Duration;

/** The ratios that alerts watch over, and the windows they are of. */
public final class RateRules {
  /** Of goals and funnels, which few sessions reach. */
  public static final Duration WINDOW = Duration.ofHours(1);

  /** Of dead letters: long enough for small sites to have a sample, and soon known. */
  public static final Duration DEAD_LETTER_WINDOW = Duration.ofMinutes(5);

  private RateRules() {}

  /**
   * {@link MeasureFact#FUNNEL_RATE}: those who took the last step in a window against those who
   * took the first one in it. They need not be the same people, which is what makes it known at
   * once; where more got through than entered it is 1.
   *
   * @return NaN where nobody entered
   */
  public static double funnelRate(long entered, long through) {
    return entered <= 0 ? Double.NaN : Math.min(1, (double) through / entered);
  }

  /**
   * {@link MeasureFact#GOAL_RATE}: conversions in a window against the sessions that began in it;
   * above 1 where sessions reach the goal again and again.
   *
   * @return NaN where no session began
   */
  public static double goalRate(long sessions, long conversions) {
    return sessions <= 0 ? Double.NaN : (double) conversions / sessions;
  }

  /**
   * {@link MeasureFact#DEAD_LETTER_RATIO}: of the events that came, those that became dead letters,
   * here or, as refused ones, in the gateway.
   *
   * @param events that were received, without heartbeats, and those that were refused
   * @return NaN where none came
   */
  public static double deadLetterRatio(long events, long deadLetters) {
    return events <= 0 ? Double.NaN : (double) deadLetters / events;
  }
}
