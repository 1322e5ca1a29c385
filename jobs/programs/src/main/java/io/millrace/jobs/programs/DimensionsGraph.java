package io.millrace.jobs.programs;

import io.millrace.domain.dimension.Dimension;
import io.millrace.jobs.dimensions.DimensionColumns;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.jobs.dimensions.DimensionsJob;
import io.millrace.jobs.kit.Lake;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The dimensions job with its tables: a graph of its own, so that a database that is away stops
 * nothing but itself.
 *
 * @param source the database to follow
 * @param heartbeatEvery how often the job writes a row of its own there
 */
public record DimensionsGraph(DimensionSource source, Duration heartbeatEvery) {
  /** Adds source, job and sinks to the environment; whoever calls this also runs it. */
  public void define(StreamExecutionEnvironment env, Lake lake) {
    JobSettings.prepare(env);
    DimensionsJob.define(DimensionsJob.source(env, source, heartbeatEvery))
        .forEach(
            (dimension, changes) ->
                lake.write(
                    changes,
                    DimensionColumns.of(dimension),
                    dimension.lakeTable(),
                    uid(dimension)));
  }

  private static String uid(Dimension dimension) {
    return "lake-" + dimension.lakeTable().replace('_', '-');
  }
}
