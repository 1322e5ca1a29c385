package io.millrace.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long after each failure, half of it by chance, so
 * that many clients of one gateway do not come back in step.
 */
final class Backoff {
  /** A proxy may ask for a day; what waits here would be lost by then. */
  static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

  private static final int MAX_DOUBLINGS = 30;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /**
   * @param failures in a row, at least 1
   * @param asked what the gateway asks for, or zero; never cut short, unless it is absurd
   */
  Duration after(int failures, Duration asked) {
    long doubled = first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    Duration own = jittered(Math.min(doubled, longest.toMillis()));
    if (asked.compareTo(own) <= 0) {
      return own;
    }
    Duration bounded = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    return bounded.plus(jittered(first.toMillis()));
  }

  private Duration jittered(long millis) {
    return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
  }
}
