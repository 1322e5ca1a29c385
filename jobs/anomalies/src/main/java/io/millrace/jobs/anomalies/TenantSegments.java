package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.ChangeExplainer;
import io.millrace.domain.anomaly.SegmentHistory;
import io.millrace.domain.metric.Grouping;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;

/** All segments of one tenant, read once when the first of several verdicts needs them. */
final class TenantSegments {
  /** The key of the total without bots. */
  static final String ALL = "all|0|all";

  private static final String BOTS = "all|1|all";

  private final MapState<String, SegmentHistory> state;
  private ChangeExplainer explainer;

  TenantSegments(MapState<String, SegmentHistory> state) {
    this.state = state;
  }

  static String key(SegmentWindow window) {
    return window.grouping + (window.bot ? "|1|" : "|0|") + window.value;
  }

  static String groupingOf(String key) {
    return key.substring(0, key.indexOf('|'));
  }

  private static String valueOf(String key) {
    return key.substring(key.indexOf('|') + 3);
  }

  ChangeExplainer explainer() throws Exception {
    if (explainer == null) {
      Map<String, Grouping> groupings = new HashMap<>();
      for (Grouping grouping : Grouping.values()) {
        groupings.put(grouping.label(), grouping);
      }
      SegmentHistory total = new SegmentHistory();
      SegmentHistory bots = null;
      Map<Grouping, Map<String, SegmentHistory>> segments = new EnumMap<>(Grouping.class);
      for (Map.Entry<String, SegmentHistory> entry : state.entries()) {
        if (entry.getKey().equals(ALL)) {
          total = entry.getValue();
        } else if (entry.getKey().equals(BOTS)) {
          bots = entry.getValue();
        } else {
          Grouping grouping = groupings.get(groupingOf(entry.getKey()));
          if (grouping != null) { // a savepoint may know groupings that are no more
            segments
                .computeIfAbsent(grouping, key -> new HashMap<>())
                .put(valueOf(entry.getKey()), entry.getValue());
          }
        }
      }
      explainer = new ChangeExplainer(total, bots, segments);
    }
    return explainer;
  }
}
