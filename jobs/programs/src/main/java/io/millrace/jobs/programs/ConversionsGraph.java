package io.millrace.jobs.programs;

import io.millrace.domain.event.Event;
import io.millrace.jobs.anomalies.NewsJson;
import io.millrace.jobs.conversions.ConversionColumns;
import io.millrace.jobs.conversions.ConversionOptions;
import io.millrace.jobs.conversions.ConversionsJob;
import io.millrace.jobs.conversions.CreditColumns;
import io.millrace.jobs.conversions.DefinitionsFolder;
import io.millrace.jobs.conversions.FunnelStepColumns;
import io.millrace.jobs.conversions.HotConversions;
import io.millrace.jobs.conversions.HotCounts;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.SessionChange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The conversions job with its sinks.
 *
 * @param definitions folder with each tenant's goals and funnels, {@code <tenant>.yaml}; may be
 *     missing; every task manager sees it
 */
public record ConversionsGraph(ConversionOptions options, Path definitions) {
  /** How often the folder of definitions is looked at. */
  private static final Duration DEFINITIONS_EVERY = Duration.ofSeconds(2);

  /**
   * Adds the job and its sinks to the graph that the events belong to.
   *
   * @param sessions closed sessions
   * @param kafka the brokers, where the topics exist
   */
  public void define(
      StreamExecutionEnvironment env,
      DataStream<Event> events,
      DataStream<SessionChange> sessions,
      String kafka,
      Stores stores)
      throws IOException {
    ConversionsJob.Results converted =
        ConversionsJob.define(
            events,
            DefinitionsFolder.read(definitions),
            ConversionsJob.definitions(env, definitions, DEFINITIONS_EVERY),
            options);
    Lake lake = stores.lake();
    lake.write(
        converted.conversions(), ConversionColumns.columns(), "conversions", "lake-conversions");
    lake.write(converted.credits(), CreditColumns.columns(), "attribution", "lake-attribution");
    lake.write(converted.steps(), FunnelStepColumns.columns(), "funnel_steps", "lake-funnel-steps");
    DataStream<HotWrite> hot =
        converted
            .reached()
            .map(new HotConversions(), Types.POJO(HotWrite.class))
            .name("Hot conversions")
            .uid("hot/conversions")
            .union(
                converted
                    .counts()
                    .map(new HotCounts(), Types.POJO(HotWrite.class))
                    .name("Hot counts")
                    .uid("hot/counts"));
    hot.sinkTo(stores.redis()).name("Redis: conversions").uid("hot/conversions-redis");
    new NewsTopic(kafka, Topics.METRICS_WINDOWS)
        .writeUnmarked(ConversionsJob.rates(converted, sessions), NewsJson::write, "rates");
  }
}
