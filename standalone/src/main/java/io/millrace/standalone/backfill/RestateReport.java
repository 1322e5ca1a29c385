package io.millrace.standalone.backfill;

import java.util.List;

/**
 * What a restatement found.
 *
 * @param lateEvents events that came after the state of what they belong to may have been gone
 * @param visitors visitors whose sessions were recomputed
 * @param windows windows that were recomputed because such an event lies in them
 * @param ranges what was found in each span of time
 */
public record RestateReport(
    long lateEvents, long visitors, long windows, List<BackfillReport> ranges) {
  /** Whether every table now is as it should be. */
  public boolean holds() {
    return ranges.stream().allMatch(BackfillReport::holds);
  }
}
