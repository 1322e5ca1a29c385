package io.millrace.standalone.backfill;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The jobs whose results can be recomputed. */
public enum BackfillJob {
  SESSIONS(BackfillTable.SESSIONS),
  METRICS(BackfillTable.METRICS),
  /** By the goals and funnels that are defined now. */
  CONVERSIONS(BackfillTable.CONVERSIONS, BackfillTable.ATTRIBUTION, BackfillTable.FUNNEL_STEPS);

  /** Those whose results follow from the events alone. */
  public static final Set<BackfillJob> OF_EVENTS =
      Collections.unmodifiableSet(EnumSet.of(SESSIONS, METRICS));

  private final List<BackfillTable> tables;

  BackfillJob(BackfillTable... tables) {
    this.tables = List.of(tables);
  }

  List<BackfillTable> tables() {
    return tables;
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
