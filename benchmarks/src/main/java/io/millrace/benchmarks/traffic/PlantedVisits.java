package io.millrace.benchmarks.traffic;

import java.util.Arrays;
import java.util.Random;

/**
 * Seeded traffic whose right answers are known: visitors come once a day, and a visit is a chain of
 * events with pauses below the session gap.
 *
 * <p>A visit starts in the first twenty hours of its day and lasts under four, so two visits of one
 * visitor are never within the gap of each other, and each visit is exactly one session.
 */
public final class PlantedVisits {
  private static final long DAY_MS = 24 * 3_600_000L;
  private static final int MAX_PAUSE_MS = 5 * 60_000;
  private static final int MAX_EVENTS = 40;

  /** Sorted: event time since the beginning in the upper bits, visitor in the lower. */
  private final long[] moments;

  private final int visitorBits;
  private final long sessions;
  private final long sessionMs;

  private PlantedVisits(long[] moments, int visitorBits, long sessions, long sessionMs) {
    this.moments = moments;
    this.visitorBits = visitorBits;
    this.sessions = sessions;
    this.sessionMs = sessionMs;
  }

  /** Plants visits over as many days as the events take. */
  public static PlantedVisits plant(int events, int visitors, long seed) {
    int visitorBits = 32 - Integer.numberOfLeadingZeros(Math.max(1, visitors - 1));
    Random random = new Random(seed);
    long[] moments = new long[events];
    int planted = 0;
    long sessions = 0;
    long sessionMs = 0;
    for (long day = 0; planted < events; day++) {
      for (int visitor = 0; visitor < visitors && planted < events; visitor++) {
        if (random.nextInt(4) == 0) {
          continue; // not everybody comes every day
        }
        long start = day * DAY_MS + random.nextInt(20 * 3_600_000);
        int size = Math.min(visitSize(random), events - planted);
        long at = start;
        for (int i = 0; i < size; i++) {
          at += i == 0 ? 0 : 1 + random.nextInt(MAX_PAUSE_MS);
          moments[planted++] = (at << visitorBits) | visitor;
        }
        sessions++;
        sessionMs += at - start;
      }
    }
    Arrays.sort(moments);
    return new PlantedVisits(moments, visitorBits, sessions, sessionMs);
  }

  /** Geometric: many bounces, few long visits, about six on average. */
  private static int visitSize(Random random) {
    int size = 1;
    while (size < MAX_EVENTS && random.nextInt(6) != 0) {
      size++;
    }
    return size;
  }

  public int events() {
    return moments.length;
  }

  /** Time of the n-th event since the beginning, in ms. */
  public long at(int n) {
    return moments[n] >>> visitorBits;
  }

  public int visitor(int n) {
    return (int) (moments[n] & ((1L << visitorBits) - 1));
  }

  /** How many sessions there are. */
  public long sessions() {
    return sessions;
  }

  /** How long all sessions are together. */
  public long sessionMs() {
    return sessionMs;
  }
}
