package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.ScorerModel;
import io.millrace.domain.anomaly.Series;
import io.millrace.domain.anomaly.SeriesScorer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;

/** The scorers of a segment's series: each is read once and written once, however many windows. */
final class SeriesScorers {
  private final MapState<String, byte[]> states;
  private final ScorerModel model;
  private final Map<String, SeriesScorer> used = new LinkedHashMap<>();

  SeriesScorers(MapState<String, byte[]> states, ScorerModel model) {
    this.states = states;
    this.model = model;
  }

  SeriesScorer of(Series series) throws Exception {
    SeriesScorer scorer = used.get(series.name());
    if (scorer == null) {
      byte[] state = states.get(series.name());
      scorer = state == null ? model.start(series) : model.restore(series, state);
      used.put(series.name(), scorer);
    }
    return scorer;
  }

  /** Which model the scorers are of. */
  String version() {
    return model.version();
  }

  /** Keeps what they have learned. */
  void flush() throws Exception {
    for (Map.Entry<String, SeriesScorer> one : used.entrySet()) {
      states.put(one.getKey(), one.getValue().state());
    }
  }

  /** Lets all learn anew. */
  void clear() {
    used.clear();
    states.clear();
  }
}
