package io.millrace.standalone.backfill;

import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.metric.MetricRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Events that came when the state of what they belong to was gone.
 *
 * <p>State is kept for a time after the last event that touched it. So an event found none if one
 * that is near it, no more than a session's gap away or in the same window, had come longer than
 * that before it. Some had been kept alive by others that came in between; recomputing them costs
 * time and changes nothing. What is merely old, such as an import of years ago, is not late: all of
 * it came together.
 *
 * @param events how many there are
 * @param visitors keys of visitors whose sessions such an event touches
 * @param windows keys of windows in which such an event lies
 * @param ranges spans of time in which these sessions and windows begin
 */
record LateArrivals(
    long events, Set<String> visitors, Set<String> windows, List<TimeRange> ranges) {
  /** An event's time is never further than this ahead of its arrival. */
  static final long AHEAD_MS = Duration.ofMinutes(5).toMillis();

  private static final long FIRST_MARGIN_MS = Duration.ofDays(1).toMillis();
  private static final long LAST_MARGIN_MS = Duration.ofDays(365).toMillis();

  /** Spans that are nearer to each other are recomputed together. */
  private static final long APART_MS = Duration.ofDays(1).toMillis();

  /** One event's two times, epoch ms. */
  record Arrival(long occurredAt, long receivedAt) {}

  /**
   * @param arrived when the events came
   * @param keptMs how long state is kept
   */
  static LateArrivals find(
      Table events, TimeRange arrived, Set<String> tenants, long keptMs, long gapMs)
      throws IOException {
    Snapshot snapshot = events.currentSnapshot();
    if (snapshot == null) {
      return new LateArrivals(0, Set.of(), Set.of(), List.of());
    }
    long oldMs = keptMs - gapMs - AHEAD_MS;
    Neighbours neighbours = new Neighbours(keptMs, gapMs);
    List<TimeRange> around = new ArrayList<>();
    Expression candidates =
        Expressions.and(
            Expressions.and(arrived.of("received_at"), EventScan.ofTenants(tenants)),
            Expressions.lessThan("occurred_at", (arrived.to() - oldMs) * 1_000));
    scan(
        events,
        snapshot.snapshotId(),
        candidates,
        (tenant, visitor, arrival) -> {
          if (arrival.receivedAt - arrival.occurredAt > oldMs) {
            neighbours.candidate(tenant, visitor, arrival);
            around.add(new TimeRange(arrival.occurredAt, arrival.occurredAt + 1));
          }
        });

    for (long margin = FIRST_MARGIN_MS; ; margin *= 4) {
      neighbours.forget();
      List<TimeRange> read = merged(around, margin, margin);
      for (TimeRange range : read) {
        scan(
            events,
            snapshot.snapshotId(),
            Expressions.and(range.of("occurred_at"), EventScan.ofTenants(tenants)),
            neighbours::neighbour);
      }
      Found found = neighbours.late();
      boolean whole =
          found.sessions.stream()
              .allMatch(
                  session ->
                      read.stream()
                          .anyMatch(
                              range ->
                                  range.contains(session.from() - gapMs)
                                      && range.contains(session.to() + gapMs)));
      if (whole || margin >= LAST_MARGIN_MS) {
        List<TimeRange> concerned = new ArrayList<>(found.sessions);
        found.windowStarts.forEach(
            start -> concerned.add(new TimeRange(start, start + MetricRules.WINDOW_MS)));
        return new LateArrivals(
            found.events, found.visitors, found.windows, merged(concerned, 0, APART_MS));
      }
    }
  }

  private interface Reader {
    void take(String tenant, String visitor, Arrival arrival);
  }

  private static void scan(Table events, long snapshotId, Expression filter, Reader reader)
      throws IOException {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(events)
            .useSnapshot(snapshotId)
            .where(filter)
            .select("tenant", "visitor_id", "occurred_at", "received_at")
            .build()) {
      for (Record row : rows) {
        reader.take(
            (String) row.getField("tenant"),
            (String) row.getField("visitor_id"),
            new Arrival(
                EventScan.millis(row, "occurred_at"), EventScan.millis(row, "received_at")));
      }
    }
  }

  /**
   * Spans made wider at both ends, those that then overlap or are near joined to one.
   *
   * @param nearMs joined if they are no further apart
   */
  static List<TimeRange> merged(List<TimeRange> ranges, long marginMs, long nearMs) {
    List<TimeRange> sorted =
        ranges.stream()
            .map(range -> range.widened(marginMs, marginMs))
            .sorted(Comparator.comparingLong(TimeRange::from))
            .toList();
    List<TimeRange> merged = new ArrayList<>();
    for (TimeRange range : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && range.from() <= merged.get(last).to() + nearMs) {
        TimeRange before = merged.get(last);
        merged.set(last, new TimeRange(before.from(), Math.max(before.to(), range.to())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  /** What is late. */
  record Found(
      long events,
      Set<String> visitors,
      Set<String> windows,
      Set<Long> windowStarts,
      List<TimeRange> sessions) {}

  /** Events that may be late, and all those near them. */
  static final class Neighbours {
    private record Candidate(String tenant, Arrival arrival) {}

    private final long keptMs;
    private final long gapMs;
    private final Map<String, List<Candidate>> candidates = new HashMap<>();
    private final Set<String> candidateWindows = new HashSet<>();

    /** Per visitor: event time to the first arrival of an event of that time. */
    private final Map<String, TreeMap<Long, Long>> firstArrivals = new HashMap<>();

    private final Map<String, Long> firstArrivalOfWindow = new HashMap<>();

    Neighbours(long keptMs, long gapMs) {
      this.keptMs = keptMs;
      this.gapMs = gapMs;
    }

    void candidate(String tenant, String visitor, Arrival arrival) {
      candidates
          .computeIfAbsent(VisitorKey.of(tenant, visitor), key -> new ArrayList<>())
          .add(new Candidate(tenant, arrival));
      candidateWindows.add(Settled.windowOf(tenant, arrival.occurredAt));
    }

    void neighbour(String tenant, String visitor, Arrival arrival) {
      String key = VisitorKey.of(tenant, visitor);
      if (candidates.containsKey(key)) {
        firstArrivals
            .computeIfAbsent(key, any -> new TreeMap<>())
            .merge(arrival.occurredAt, arrival.receivedAt, Math::min);
      }
      String window = Settled.windowOf(tenant, arrival.occurredAt);
      if (candidateWindows.contains(window)) {
        firstArrivalOfWindow.merge(window, arrival.receivedAt, Math::min);
      }
    }

    /** Forgets the neighbours, not the candidates. */
    void forget() {
      firstArrivals.clear();
      firstArrivalOfWindow.clear();
    }

    Found late() {
      long events = 0;
      Set<String> visitors = new HashSet<>();
      Set<String> windows = new HashSet<>();
      Set<Long> windowStarts = new HashSet<>();
      List<TimeRange> sessions = new ArrayList<>();
      for (Map.Entry<String, List<Candidate>> entry : candidates.entrySet()) {
        TreeMap<Long, Long> near = firstArrivals.getOrDefault(entry.getKey(), new TreeMap<>());
        TimeRange last = null;
        for (Candidate candidate : entry.getValue()) {
          long at = candidate.arrival.occurredAt;
          long goneBefore = candidate.arrival.receivedAt - keptMs;
          String window = Settled.windowOf(candidate.tenant, at);
          boolean lateForSession =
              near.subMap(at - gapMs, true, at + gapMs, true).values().stream()
                  .anyMatch(arrivedAt -> arrivedAt < goneBefore);
          boolean lateForWindow =
              firstArrivalOfWindow.getOrDefault(window, Long.MAX_VALUE) < goneBefore;
          if (lateForSession) {
            visitors.add(entry.getKey());
            if (last == null || !last.contains(at)) {
              last = session(near, at);
              sessions.add(last);
            }
          }
          if (lateForWindow) {
            windows.add(window);
            windowStarts.add(MetricRules.windowStart(at, MetricRules.WINDOW_MS));
          }
          events += lateForSession || lateForWindow ? 1 : 0;
        }
      }
      return new Found(events, visitors, windows, windowStarts, sessions);
    }

    /** From the first to after the last event of the session that the event belongs to. */
    private TimeRange session(TreeMap<Long, Long> near, long at) {
      long from = at;
      for (Long before = near.lowerKey(from);
          before != null && before >= from - gapMs;
          before = near.lowerKey(from)) {
        from = before;
      }
      long to = at;
      for (Long after = near.higherKey(to);
          after != null && after <= to + gapMs;
          after = near.higherKey(to)) {
        to = after;
      }
      return new TimeRange(from, to + 1);
    }
  }
}
