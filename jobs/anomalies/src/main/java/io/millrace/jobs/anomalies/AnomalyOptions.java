package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Grouping;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is watched, and how patiently.
 *
 * @param watched how many values of each grouping are watched, those with the most events
 * @param quiet how long no old data must have come, in processing time, before a segment is learned
 *     anew from it
 * @param forgotten how long after its last event a segment is watched, in event time
 */
public record AnomalyOptions(Map<Grouping, Integer> watched, Duration quiet, Duration forgotten)
    implements Serializable {
  public static final AnomalyOptions DEFAULT =
      new AnomalyOptions(
          Map.of(
              Grouping.ALL, 1,
              Grouping.CHANNEL, 8,
              Grouping.COUNTRY, 10,
              Grouping.PAGE, 20,
              Grouping.EVENT_TYPE, 10,
              Grouping.ENTITY, 20),
          Duration.ofSeconds(20),
          Duration.ofDays(21));

  public AnomalyOptions {
    watched = new EnumMap<>(watched);
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException(
          "anomalies.quiet is " + quiet + "; give a duration above 0, for example \"20 s\"");
    }
  }

  public AnomalyOptions withQuiet(Duration changed) {
    return new AnomalyOptions(watched, changed, forgotten);
  }
}
