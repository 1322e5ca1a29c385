package io.millrace.gateway.access;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts each tenant's events of the UTC day in memory. From time to time {@link #exchange} writes
 * what was added to a store and learns what other gateways have added, so a restart forgets only
 * what came since the last exchange.
 */
public final class DailyQuota {
  private static final long DAY_MS = 86_400_000L;

  /** Where the counts of all gateways come together. */
  @FunctionalInterface
  public interface Store {
    /**
     * Adds to the counts of a day, all or nothing.
     *
     * @return the counts of all tenants on that day afterwards
     */
    Map<String, Long> add(LocalDate day, Map<String, Long> events) throws Exception;
  }

  private volatile Day today = new Day(Long.MIN_VALUE);
  private final Queue<Day> past = new ConcurrentLinkedQueue<>();

  private record Day(long number, Map<String, Use> uses) {
    Day(long number) {
      this(number, new ConcurrentHashMap<>());
    }

    Use of(String tenant) {
      return uses.computeIfAbsent(tenant, name -> new Use());
    }
  }

  private static final class Use {
    /** What this gateway and, as far as known, the others have let in. */
    final AtomicLong events = new AtomicLong();

    final AtomicLong unwritten = new AtomicLong();

    /** The store's count at the last exchange; only the exchanging thread looks at it. */
    long stored;
  }

  /**
   * Takes events from what the tenant may still send today, all or none.
   *
   * @param quota per day, or null for any number
   * @return how many are left (0 or more), or −1 when there are not enough
   */
  long take(String tenant, Long quota, int events, long nowMillis) {
    Use use = dayOf(nowMillis).of(tenant);
    long used = use.events.addAndGet(events);
    if (quota != null && used > quota) {
      use.events.addAndGet(-events);
      return -1;
    }
    use.unwritten.addAndGet(events);
    return quota == null ? Long.MAX_VALUE : quota - used;
  }

  /** Gives back what was taken and then not stored; of an earlier day it is forgotten. */
  void giveBack(String tenant, int events, long takenAtMillis) {
    Day day = today;
    if (events > 0 && Math.floorDiv(takenAtMillis, DAY_MS) == day.number()) {
      Use use = day.of(tenant);
      use.events.addAndGet(-events);
      use.unwritten.addAndGet(-events);
    }
  }

  /** What the tenant has sent today. */
  long used(String tenant, long nowMillis) {
    return dayOf(nowMillis).of(tenant).events.get();
  }

  static long millisToNextDay(long nowMillis) {
    return DAY_MS - Math.floorMod(nowMillis, DAY_MS);
  }

  /** A clock that is set back does not open an earlier day again. */
  private Day dayOf(long nowMillis) {
    long number = Math.floorDiv(nowMillis, DAY_MS);
    return number <= today.number() ? today : nextDay(number);
  }

  private synchronized Day nextDay(long number) {
    if (number > today.number()) {
      if (!today.uses().isEmpty()) {
        past.add(today);
      }
      today = new Day(number);
    }
    return today;
  }

  /**
   * Writes what was added since the last time, and learns what others added. Called by one thread.
   * When the store fails, what was not written is kept for the next time.
   */
  public void exchange(Store store, long nowMillis) throws Exception {
    Day current = dayOf(nowMillis);
    for (Day day = past.peek(); day != null; day = past.peek()) {
      exchange(store, day);
      past.remove();
    }
    exchange(store, current);
  }

  private static void exchange(Store store, Day day) throws Exception {
    Map<String, Long> added = new HashMap<>();
    day.uses()
        .forEach(
            (tenant, use) -> {
              long events = use.unwritten.getAndSet(0);
              if (events != 0) {
                added.put(tenant, events);
              }
            });
    Map<String, Long> totals;
    try {
      totals = store.add(LocalDate.ofEpochDay(day.number()), added);
    } catch (Exception e) {
      added.forEach((tenant, events) -> day.of(tenant).unwritten.addAndGet(events));
      throw e;
    }
    totals.forEach(
        (tenant, total) -> {
          Use use = day.of(tenant);
          use.events.addAndGet(total - use.stored - added.getOrDefault(tenant, 0L));
          use.stored = total;
        });
  }
}
