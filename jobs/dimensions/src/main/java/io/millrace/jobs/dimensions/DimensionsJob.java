package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.Dimension;
import io.millrace.domain.dimension.DimensionChange;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Changes of the tables of a database in; the history of their rows out. */
public final class DimensionsJob {
  private DimensionsJob() {}

  /**
   * What happens to the followed tables: first every row as it is, then every change.
   *
   * @param heartbeatEvery how often the job writes a row of its own there
   */
  public static DataStream<DimensionChange> source(
      StreamExecutionEnvironment env, DimensionSource source, Duration heartbeatEvery) {
    return env.fromSource(
            source.open(heartbeatEvery),
            WatermarkStrategy.noWatermarks(),
            "Dimensions",
            Types.POJO(DimensionChange.class))
        .uid("dimensions/source")
        .setParallelism(1); // one slot, one reader
  }

  /** The graph of the job: the changes of each dimension's table in the lake. */
  public static Map<Dimension, DataStream<VersionChange>> define(
      DataStream<DimensionChange> changes) {
    SingleOutputStreamOperator<VersionChange> history =
        changes
            .keyBy(DimensionChange::key, Types.STRING)
            .process(new HistoryFunction(), Types.POJO(VersionChange.class))
            .name("History")
            .uid("dimensions/history");
    Map<Dimension, DataStream<VersionChange>> tables = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      tables.put(
          dimension,
          history
              .filter(change -> change.dimension == dimension)
              .name("Of " + dimension.sourceTable())
              .uid("dimensions/of-" + dimension.sourceTable()));
    }
    return tables;
  }
}
