package io.millrace.gateway.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket in one number: the moment at which it will be full again. Taking moves that moment
 * into the future; as long as it is not further away than the burst takes to refill, there is a
 * token.
 *
 * <p>Whoever finds a token may take more than there are and leaves a debt: else a batch larger than
 * the burst could never be sent. So the rate holds in the long run, and at most one batch is above
 * it. The rate is given with each call, so a changed one holds at once and forgives nothing.
 */
final class TokenBucket {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final AtomicLong fullAtNanos;

  /** A full bucket. */
  TokenBucket(long nowNanos) {
    fullAtNanos = new AtomicLong(nowNanos);
  }

  /**
   * Takes the tokens if there is at least one.
   *
   * @return how many are left (0 or more), or, when nothing was taken, the nanoseconds until there
   *     is one again, negative
   */
  long take(long tokens, Rate rate, long nowNanos) {
    long capacity = rate.nanosFor(rate.burst());
    long cost = rate.nanosFor(tokens);
    while (true) {
      long before = fullAtNanos.get();
      long missing = Math.max(0, before - nowNanos);
      long beyond = missing - (capacity - rate.nanosFor(1));
      if (beyond > 0) {
        return -beyond;
      }
      if (fullAtNanos.compareAndSet(before, nowNanos + missing + cost)) {
        return Math.max(0, rate.amountIn(capacity - missing - cost));
      }
    }
  }

  /** Whole seconds until it is full again, rounded up. */
  long secondsToFull(long nowNanos) {
    return secondsUp(Math.max(0, fullAtNanos.get() - nowNanos));
  }

  static long secondsUp(long nanos) {
    return (nanos + SECOND_NANOS - 1) / SECOND_NANOS;
  }
}
