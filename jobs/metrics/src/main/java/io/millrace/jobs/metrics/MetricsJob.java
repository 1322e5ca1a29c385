package io.millrace.jobs.metrics;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.SessionChange;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Events, each once, and closed sessions in; sums per group and window out. */
public final class MetricsJob {
  private MetricsJob() {}

  /**
   * What the job gives.
   *
   * @param cold changes of 15-minute windows, for the lake
   * @param hot 1-minute windows, and 15-minute windows that are over, as they are now, for the hot
   *     store; their {@code changes} is their version
   */
  public record Results(
      SingleOutputStreamOperator<MetricRow> cold, SideOutputDataStream<MetricRow> hot) {}

  public static Results define(
      DataStream<Event> events, DataStream<SessionChange> sessions, MetricOptions options) {
    TypeInformation<MetricUpdate> updates = Types.POJO(MetricUpdate.class);
    DataStream<MetricUpdate> fromEvents =
        events.transform("Sum events", updates, new EventSumsOperator()).uid("metrics/sum-events");
    DataStream<MetricUpdate> fromSessions =
        sessions
            .transform("Sum sessions", updates, new SessionSumsOperator())
            .uid("metrics/sum-sessions");
    SingleOutputStreamOperator<MetricRow> cold =
        fromEvents
            .union(fromSessions)
            .keyBy(MetricUpdate::key, Types.STRING)
            .transform("Metrics", Types.POJO(MetricRow.class), new MetricsOperator(options))
            .uid("metrics/windows");
    return new Results(cold, cold.getSideOutput(MetricsOperator.HOT));
  }
}
