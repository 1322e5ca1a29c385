package io.millrace.domain.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Which values of a grouping are watched: those with the most events of late. A Flink POJO.
 *
 * <p>Several times as many are candidates, counted as Space-Saving does (Metwally et al., 2005): a
 * new value takes the place of the least and inherits its count, so that one that is large is never
 * missed. One is watched until another has half as much again, so that two of a size do not take
 * turns.
 */
public final class WatchList {
  private static final int CANDIDATES_PER_WATCHED = 5;
  private static final double AHEAD = 1.5;

  /** In about a week, so two an hour; below that nothing can be seen in a value. */
  private static final double LEAST_EVENTS = 300;

  private static final double HALF_LIFE_MILLIS = Surprise.WEEK_MILLIS;

  /** One value. A Flink POJO. */
  public static final class Candidate {
    public String value;

    /** Events, those of a week ago counting half. */
    public double events;

    /** Start of the newest window counted, epoch ms. */
    public long atMillis;

    public boolean watched;
  }

  /** What is to be done with a row. */
  public enum Role {
    /** Its windows are kept, so that it can be watched at once if it grows. */
    CANDIDATE,
    WATCHED
  }

  /** An array, as Flink knows no serializer of lists of its own. */
  public Candidate[] candidates = {};

  /**
   * Counts a window; one that comes again counts again, as this ranks and does not measure.
   *
   * @param most how many may be watched
   * @param dropped is given the value that makes room, if one does
   */
  public Role count(String value, long events, long windowStart, int most, List<String> dropped) {
    Candidate candidate = find(value);
    if (candidate == null) {
      candidate = add(value, windowStart, most, dropped);
    }
    candidate.events = eventsAt(candidate, windowStart) + events;
    candidate.atMillis = Math.max(candidate.atMillis, windowStart);
    if (!candidate.watched && candidate.events >= LEAST_EVENTS) {
      watchIfLargeEnough(candidate, most);
    }
    return candidate.watched ? Role.WATCHED : Role.CANDIDATE;
  }

  private Candidate find(String value) {
    for (Candidate candidate : candidates) {
      if (candidate.value.equals(value)) {
        return candidate;
      }
    }
    return null;
  }

  private Candidate add(String value, long windowStart, int most, List<String> dropped) {
    Candidate added = new Candidate();
    added.value = value;
    added.atMillis = windowStart;
    List<Candidate> changed = new ArrayList<>(Arrays.asList(candidates));
    if (changed.size() >= most * CANDIDATES_PER_WATCHED) {
      Candidate least = Collections.min(changed, bySize(windowStart));
      changed.remove(least);
      dropped.add(least.value);
      added.events = eventsAt(least, windowStart);
    }
    changed.add(added);
    candidates = changed.toArray(new Candidate[0]);
    return added;
  }

  private void watchIfLargeEnough(Candidate candidate, int most) {
    List<Candidate> watched = Arrays.stream(candidates).filter(one -> one.watched).toList();
    if (watched.size() >= most) {
      Candidate least = watched.stream().min(bySize(candidate.atMillis)).orElseThrow();
      if (candidate.events < AHEAD * eventsAt(least, candidate.atMillis)) {
        return;
      }
      least.watched = false;
    }
    candidate.watched = true;
  }

  private static Comparator<Candidate> bySize(long at) {
    return Comparator.<Candidate>comparingDouble(one -> eventsAt(one, at))
        .thenComparing(one -> one.value);
  }

  /** As they count at that time; at an earlier one as now. */
  private static double eventsAt(Candidate candidate, long at) {
    long later = Math.max(0, at - candidate.atMillis);
    return candidate.events * Math.pow(2, -later / HALF_LIFE_MILLIS);
  }
}
