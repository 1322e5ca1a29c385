package io.millrace.standalone.backfill;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The jobs whose results can be recomputed. */
public enum BackfillJob {
  SESSIONS("sessions", "started_at"),
  METRICS("metrics_15m", "window_start");

  private final String table;
  private final String time;

  BackfillJob(String table, String time) {
    this.table = table;
    this.time = time;
  }

  String table() {
    return table;
  }

  /** The column that says when a result begins. */
  String time() {
    return time;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if there is no such job
   */
  public static BackfillJob of(String label) {
    return Arrays.stream(values())
        .filter(job -> job.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is no job whose results can be recomputed; give one of %s"
                        .formatted(label, labels())));
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(BackfillJob::label).collect(Collectors.toList());
  }
}
