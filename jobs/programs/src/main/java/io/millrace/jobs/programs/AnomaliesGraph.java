package io.millrace.jobs.programs;

import io.millrace.jobs.anomalies.AnomaliesJob;
import io.millrace.jobs.anomalies.AnomalyOptions;
import io.millrace.jobs.anomalies.ForecastColumns;
import io.millrace.jobs.anomalies.HotAnomalies;
import io.millrace.jobs.anomalies.HotVerdicts;
import io.millrace.jobs.anomalies.NewsJson;
import io.millrace.jobs.anomalies.SegmentWindow;
import io.millrace.jobs.anomalies.TenantCalendar;
import io.millrace.jobs.anomalies.VerdictColumns;
import io.millrace.jobs.anomalies.VerdictRow;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.metrics.MetricsJob;
import java.nio.file.Path;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.types.RowKind;

/**
 * The anomalies job with its sinks.
 *
 * @param rules folder with each tenant's alert rules, which have its time zone and calendar; may be
 *     missing; every task manager sees it
 */
public record AnomaliesGraph(AnomalyOptions options, Path rules) {
  /**
   * Adds the job and its sinks to the graph that the windows belong to.
   *
   * @param kafka the brokers, where the topics exist
   */
  public void define(MetricsJob.Results metrics, String kafka, Stores stores) {
    DataStream<SegmentWindow> windows =
        metrics
            .cold()
            .flatMap(SegmentWindows::ofQuarter, Types.POJO(SegmentWindow.class))
            .name("Quarters")
            .uid("anomalies/quarters")
            .union(
                metrics
                    .hot()
                    .flatMap(SegmentWindows::ofMinute, Types.POJO(SegmentWindow.class))
                    .name("Minutes")
                    .uid("anomalies/minutes"));
    AnomaliesJob.Results judged = AnomaliesJob.define(windows, options, new TenantCalendar(rules));

    Lake lake = stores.lake();
    lake.write(judged.verdicts(), VerdictColumns.columns(), "anomalies", "lake-anomalies");
    lake.write(judged.forecasts(), ForecastColumns.columns(), "forecasts", "lake-forecasts");
    DataStream<VerdictRow> news =
        judged
            .verdicts()
            // What replaces it follows.
            .filter(row -> row.rowKind() != RowKind.UPDATE_BEFORE)
            .name("News")
            .uid("anomalies/news");
    DataStream<HotWrite> hot =
        judged
            .live()
            .map(new HotVerdicts(), Types.POJO(HotWrite.class))
            .name("Hot verdicts")
            .uid("hot/verdicts")
            .union(
                news.map(new HotAnomalies(), Types.POJO(HotWrite.class))
                    .name("Hot anomalies")
                    .uid("hot/anomalies"));
    hot.sinkTo(stores.redis()).name("Redis: anomalies").uid("hot/anomalies-redis");
    new NewsTopic(kafka, Topics.ANOMALIES).write(news, NewsJson::write);
    new NewsTopic(kafka, Topics.METRICS_WINDOWS).write(judged.closed(), NewsJson::write);
  }
}
