package io.millrace.gateway;

import io.millrace.gateway.access.WriteKey;
import java.util.HashMap;
import java.util.Map;

/** How many refused events of each write key may still be kept in this hour. */
final class DeadLetterBudget {
  private static final long HOUR_MS = 3_600_000L;

  private final int perHour;
  private final Map<WriteKey.Id, Integer> used = new HashMap<>();
  private long hour;

  DeadLetterBudget(int perHour) {
    this.perHour = perHour;
  }

  /** Takes one from the budget, if there is any left. */
  synchronized boolean take(WriteKey key, long now) {
    long current = Math.floorDiv(now, HOUR_MS);
    if (current != hour) {
      hour = current;
      used.clear();
    }
    return used.merge(key.id(), 1, (count, one) -> Math.min(count + one, perHour + 1)) <= perHour;
  }
}
