package io.millrace.domain.hot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values with the highest counts over several windows, of each of which only the highest are
 * known.
 *
 * <p>A value that is in no full list of a window may have had as many as the last one there. So
 * each count is a pair of bounds, which are the same where nothing was left out.
 */
public final class TopList {
  private static final class Sum {
    long count;
    long lowestWhereListed;
  }

  /**
   * One value.
   *
   * @param atLeast the sum of what is known
   * @param atMost that, and as many as any window may have left out
   */
  public record Entry(String value, long atLeast, long atMost) {
    /** Whether nothing of this value was left out. */
    public boolean isExact() {
      return atLeast == atMost;
    }
  }

  private final Map<String, Sum> sums = new HashMap<>();
  private long lowestOfAll;

  /**
   * Adds a window.
   *
   * @param counts of its list
   * @param listed how many values the list keeps: with as many or more it may have left out others
   */
  public void add(Map<String, Long> counts, int listed) {
    long lowest = 0;
    if (counts.size() >= listed) {
      lowest = counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
    }
    lowestOfAll += lowest;
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      Sum sum = sums.computeIfAbsent(each.getKey(), value -> new Sum());
      sum.count += each.getValue();
      sum.lowestWhereListed += lowest;
    }
  }

  /** What a value that is not listed in any window has at most. */
  public long unlistedAtMost() {
    return lowestOfAll;
  }

  /** The highest, by what is known of them; of equal ones those that come first in the alphabet. */
  public List<Entry> top(int limit) {
    List<Entry> entries = new ArrayList<>(sums.size());
    sums.forEach(
        (value, sum) ->
            entries.add(
                new Entry(value, sum.count, sum.count + lowestOfAll - sum.lowestWhereListed)));
    entries.sort(Comparator.comparingLong(Entry::atLeast).reversed().thenComparing(Entry::value));
    return entries.size() <= limit ? entries : List.copyOf(entries.subList(0, limit));
  }
}
