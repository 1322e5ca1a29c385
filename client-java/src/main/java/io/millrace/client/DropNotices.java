package io.millrace.client;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the events that the client did not take, and keeps the last word on some of them until the
 * sending thread has time to tell it: a listener must not hold up the thread that tracks.
 */
final class DropNotices {
  private static final int MAX_UNTOLD = 1000;

  private final Map<DropReason, LongAdder> counts = new EnumMap<>(DropReason.class);
  private final ArrayBlockingQueue<RefusedEvent> untold = new ArrayBlockingQueue<>(MAX_UNTOLD);

  DropNotices() {
    for (DropReason reason : DropReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** Counts one; false if it will not be told, since too many are waiting for that. */
  boolean add(DropReason reason, String eventId, String message) {
    counts.get(reason).increment();
    return untold.offer(new RefusedEvent(eventId, reason.code(), message));
  }

  /** What is not told yet; the caller tells it. */
  List<RefusedEvent> take() {
    List<RefusedEvent> taken = new ArrayList<>();
    untold.drainTo(taken);
    return taken;
  }

  Map<DropReason, Long> counts() {
    Map<DropReason, Long> sums = new EnumMap<>(DropReason.class);
    counts.forEach((reason, count) -> sums.put(reason, count.sum()));
    return sums;
  }
}
