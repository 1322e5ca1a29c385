package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Grouping;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.FilterFunction;

/** Keeps what series are made of: people, in groupings that are watched, where there is a value. */
final class Watchable implements FilterFunction<SegmentWindow> {
  private static final long serialVersionUID = 1L;

  private final HashSet<String> groupings;

  Watchable(Set<String> groupings) {
    this.groupings = new HashSet<>(groupings);
  }

  @Override
  public boolean filter(SegmentWindow row) {
    return !row.bot && groupings.contains(row.grouping) && !row.value.equals(Grouping.NONE);
  }
}
