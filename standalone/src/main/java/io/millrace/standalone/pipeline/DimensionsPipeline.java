package io.millrace.standalone.pipeline;

import io.millrace.domain.dimension.Dimension;
import io.millrace.jobs.dimensions.DimensionColumns;
import io.millrace.jobs.dimensions.DimensionSource;
import io.millrace.jobs.dimensions.DimensionsJob;
import io.millrace.jobs.kit.Lake;
import io.millrace.standalone.server.LakeCatalog;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * The dimensions job with its tables: a graph of its own, so that a database that is away stops
 * nothing but itself.
 *
 * @param source the database to follow
 * @param heartbeatEvery how often the job writes a row of its own there
 */
public record DimensionsPipeline(DimensionSource source, Duration heartbeatEvery) {
  /** Adds source, job and sinks to the environment; whoever calls this also runs it. */
  public void define(StreamExecutionEnvironment env, LakeCatalog catalog) {
    Lake lake = new Lake(JdbcCatalog.class.getName(), catalog.properties());
    env.setMaxParallelism(StreamPipeline.MAX_PARALLELISM);
    env.getConfig().enableObjectReuse();
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
