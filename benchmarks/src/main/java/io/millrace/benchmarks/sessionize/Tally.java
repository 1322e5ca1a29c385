package io.millrace.benchmarks.sessionize;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came out of a job so far. The subtasks run in this process, and find the tally of their run
 * by its name.
 */
final class Tally {
  private static final ConcurrentMap<String, Tally> BY_RUN = new ConcurrentHashMap<>();

  final LongAdder events = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder sessions = new LongAdder();
  final LongAdder sessionEvents = new LongAdder();
  final LongAdder sessionMs = new LongAdder();
  final LongAdder otherChanges = new LongAdder();

  static Tally of(String run) {
    return BY_RUN.computeIfAbsent(run, ignored -> new Tally());
  }

  static void forget(String run) {
    BY_RUN.remove(run);
  }
}
