package io.millrace.jobs.anomalies;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.MeasureRow;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Segments' windows in; verdicts on their series out. */
public final class AnomaliesJob {
  private AnomaliesJob() {}

  /**
   * What the job gives.
   *
   * @param verdicts what is news, and what becomes of it
   * @param live every verdict on the newest windows
   * @param closed what each watched series was in each window that is over
   * @param forecasts of windows to come
   */
  public record Results(
      DataStream<VerdictRow> verdicts,
      DataStream<VerdictRow> live,
      DataStream<MeasureRow> closed,
      DataStream<ForecastRow> forecasts) {}

  /**
   * Adds the job to the graph that the windows belong to.
   *
   * @param windows of a quarter of an hour, of every segment; of a minute, of whole tenants
   */
  public static Results define(
      DataStream<SegmentWindow> windows, AnomalyOptions options, TenantCalendar calendar) {
    Set<String> groupings =
        options.watched().keySet().stream()
            .map(Grouping::label)
            .collect(Collectors.toUnmodifiableSet());
    SingleOutputStreamOperator<VerdictRow> verdicts =
        windows
            .filter(new Watchable(groupings))
            .name("People of watched groupings")
            .uid("anomalies/watchable")
            .keyBy(row -> row.tenant + '|' + row.grouping + '|' + row.windowMillis, Types.STRING)
            .process(new WatchFunction(options), Types.POJO(SegmentWindow.class))
            .name("Watch")
            .uid("anomalies/watch")
            .keyBy(
                row -> row.tenant + '|' + row.grouping + '|' + row.windowMillis + '|' + row.value,
                Types.STRING)
            .process(new SeriesFunction(options, calendar), Types.POJO(VerdictRow.class))
            .name("Judge series")
            .uid("anomalies/series");
    DataStream<SegmentWindow> quarters =
        windows
            .filter(row -> row.windowMillis == MetricRules.WINDOW_MS)
            .name("Quarters to explain by")
            .uid("anomalies/explaining");
    return new Results(
        ExplainStep.define(quarters, verdicts),
        verdicts.getSideOutput(SeriesFunction.LIVE),
        verdicts.getSideOutput(SeriesFunction.CLOSED),
        verdicts.getSideOutput(SeriesFunction.FORECASTS));
  }
}
