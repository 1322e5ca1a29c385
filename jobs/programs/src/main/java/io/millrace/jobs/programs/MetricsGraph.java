package io.millrace.jobs.programs;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.metrics.HotMetrics;
import io.millrace.jobs.metrics.MetricColumns;
import io.millrace.jobs.metrics.MetricOptions;
import io.millrace.jobs.metrics.MetricsJob;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The metrics job with its sinks. */
public record MetricsGraph(MetricOptions options) {
  /** Adds the job and its sinks to the graph that the streams belong to. */
  public MetricsJob.Results define(
      DataStream<Event> events, DataStream<SessionChange> sessions, Stores stores) {
    MetricsJob.Results summed = MetricsJob.define(events, sessions, options);
    stores.lake().write(summed.cold(), MetricColumns.columns(), "metrics_15m", "lake-metrics-15m");
    DataStream<HotWrite> hot =
        summed
            .hot()
            .map(new HotMetrics(), Types.POJO(HotWrite.class))
            .name("Hot metrics")
            .uid("hot/metrics");
    hot.sinkTo(stores.redis()).name("Redis: metrics").uid("hot/metrics-redis");
    return summed;
  }
}
