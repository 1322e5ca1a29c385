package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.goal.Touch;
import io.millrace.jobs.kit.WriteBackCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One visitor in the cache. */
final class Visitor extends WriteBackCache.Entry {
  /** Nothing waits, or no timer is set. */
  static final long NONE = Long.MAX_VALUE;

  private static final int OWN_WEIGHT_BYTES = 400;
  private static final int TOUCH_WEIGHT_BYTES = 200;
  private static final int CANDIDATE_WEIGHT_BYTES = 600;

  final List<Touch> touches = new ArrayList<>(2);

  /** Null where {@link #touches} are as they were written. */
  List<Touch> writtenTouches;

  /** By event id. */
  final Map<String, Candidate> candidates = new LinkedHashMap<>(4);

  long waitingSince = NONE;
  long changedAt;
  long timer = NONE;

  /** What this was weighed with last. */
  long weighedBytes;

  Visitor(String key) {
    super(key, 0);
  }

  static Visitor of(String key, VisitorState state) {
    Visitor visitor = new Visitor(key);
    visitor.touches.addAll(Arrays.asList(state.touches));
    if (state.writtenTouches != null) {
      visitor.writtenTouches = new ArrayList<>(Arrays.asList(state.writtenTouches));
    }
    for (Candidate candidate : state.candidates) {
      visitor.candidates.put(candidate.event.eventId, candidate);
    }
    visitor.waitingSince = state.waitingSince;
    visitor.changedAt = state.changedAt;
    visitor.timer = state.timer;
    return visitor;
  }

  VisitorState state() {
    VisitorState state = new VisitorState();
    state.touches = touches.toArray(Touch[]::new);
    state.writtenTouches = writtenTouches == null ? null : writtenTouches.toArray(Touch[]::new);
    state.candidates = candidates.values().toArray(Candidate[]::new);
    state.waitingSince = waitingSince;
    state.changedAt = changedAt;
    state.timer = timer;
    return state;
  }

  boolean waits() {
    return waitingSince != NONE;
  }

  boolean anyWritten() {
    for (Candidate candidate : candidates.values()) {
      if (candidate.written) {
        return true;
      }
    }
    return false;
  }

  List<MatchedEvent> events() {
    return candidates.values().stream().map(candidate -> candidate.event).toList();
  }

  List<MatchedEvent> writtenEvents() {
    return candidates.values().stream()
        .filter(candidate -> candidate.written)
        .map(candidate -> candidate.event)
        .toList();
  }

  long weightBytes() {
    int written = writtenTouches == null ? 0 : writtenTouches.size();
    return OWN_WEIGHT_BYTES
        + 4L * key().length()
        + (long) TOUCH_WEIGHT_BYTES * (touches.size() + written)
        + (long) CANDIDATE_WEIGHT_BYTES * candidates.size();
  }
}
