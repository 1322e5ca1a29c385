package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.Grain;
import io.millrace.domain.anomaly.WatchedMetric;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The series of a segment that are judged at one time: those of windows as long, which are complete
 * as soon.
 *
 * @param settleMillis how long after its end a window is judged
 */
record Lane(Grain grain, List<WatchedMetric> metrics, long settleMillis) {
  /**
   * A session counts in the window in which it began, and is known when it has been over for half
   * an hour. Those longer than the rest of this are missing in every window alike.
   */
  private static final Duration SESSIONS_SETTLE = Duration.ofMinutes(60);

  private static final List<Lane> OF_MINUTES = List.of(events(Grain.MINUTE));

  private static final List<Lane> OF_QUARTERS =
      List.of(
          events(Grain.QUARTER), sessions(Grain.QUARTER), events(Grain.HOUR), sessions(Grain.HOUR));

  /** The lanes of a segment whose windows are that long. */
  static List<Lane> of(long rowMillis) {
    return rowMillis == Grain.MINUTE.millis() ? OF_MINUTES : OF_QUARTERS;
  }

  private static Lane events(Grain grain) {
    return new Lane(grain, metrics(grain, false), 0);
  }

  private static Lane sessions(Grain grain) {
    return new Lane(grain, metrics(grain, true), SESSIONS_SETTLE.toMillis());
  }

  private static List<WatchedMetric> metrics(Grain grain, boolean ofSessions) {
    return Arrays.stream(WatchedMetric.values())
        .filter(metric -> metric.ofSessions() == ofSessions)
        .filter(metric -> metric.adds() || grain != Grain.HOUR)
        .toList();
  }

  boolean ofSessions() {
    return settleMillis > 0;
  }

  /** Start of the window of this lane that holds the time, epoch ms. */
  long windowStart(long at) {
    return Math.floorDiv(at, grain.millis()) * grain.millis();
  }

  /** When the window that starts then is judged, epoch ms of event time. */
  long judgedAt(long windowStart) {
    return windowStart + grain.millis() + settleMillis;
  }

  /** The name of one of its series, unique in the tenant. */
  String series(WatchedSegment segment, WatchedMetric metric) {
    return metric.label() + '|' + segment.grouping + '|' + segment.value + '|' + grain.label();
  }
}
