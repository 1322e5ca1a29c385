package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.goal.Conversion;
import io.millrace.jobs.kit.ConfirmOperator;
import io.millrace.jobs.kit.MeasureRow;
import io.millrace.jobs.kit.SessionChange;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Events, each once, and definitions in; conversions, their credits, and steps of funnels out. */
public final class ConversionsJob {
  private ConversionsJob() {}

  /**
   * What the job gives, as changes of tables.
   *
   * @param conversions events that reached a goal
   * @param credits what each session gets of each conversion by each model
   * @param steps what sessions and visitors reached of funnels
   * @param reached conversions as soon as they happen, for the hot store; their sessions may still
   *     move
   * @param counted each time that a goal or step was reached, or is so no more
   * @param counts how often goals and steps were reached, for the hot store
   */
  public record Results(
      SingleOutputStreamOperator<ConversionChange> conversions,
      SideOutputDataStream<CreditChange> credits,
      SideOutputDataStream<FunnelStepChange> steps,
      SideOutputDataStream<Conversion> reached,
      DataStream<HotCount> counted,
      SingleOutputStreamOperator<HotCount> counts) {}

  /**
   * All definitions of a folder, and again whenever one of them changes.
   *
   * @param every how often the folder is looked at
   */
  public static DataStream<DefinitionsSet> definitions(
      StreamExecutionEnvironment env, Path folder, Duration every) {
    DataGeneratorSource<Long> ticks =
        new DataGeneratorSource<>(
            tick -> tick,
            Long.MAX_VALUE,
            RateLimiterStrategy.perSecond(1_000.0 / every.toMillis()),
            Types.LONG);
    return env.fromSource(ticks, WatermarkStrategy.noWatermarks(), "Look for definitions")
        .uid("conversions/ticks")
        .setParallelism(1)
        .flatMap(new WatchDefinitionsFunction(folder.toString()))
        .returns(Types.POJO(DefinitionsSet.class))
        .name("Read definitions")
        .uid("conversions/definitions")
        .setParallelism(1);
  }

  /**
   * The graph of the job.
   *
   * @param initial the definitions at the start, so that no event has to wait for them
   * @param definitions those that replace them
   */
  public static Results define(
      DataStream<Event> events,
      DefinitionsSet initial,
      DataStream<DefinitionsSet> definitions,
      ConversionOptions options) {
    SingleOutputStreamOperator<MatchedEvent> matched =
        events
            .connect(definitions.broadcast(MatchFunction.DEFINITIONS))
            .process(new MatchFunction(initial), Types.POJO(MatchedEvent.class))
            .name("Match definitions")
            .uid("conversions/match");
    SingleOutputStreamOperator<ConversionChange> conversions =
        matched
            .keyBy(event -> VisitorKey.of(event.tenant, event.visitorId), Types.STRING)
            .transform(
                "Conversions", Types.POJO(ConversionChange.class), new ConversionsOperator(options))
            .uid("conversions/conversions");
    SideOutputDataStream<FunnelStepChange> steps =
        conversions.getSideOutput(ConversionsOperator.STEPS);
    SideOutputDataStream<Conversion> reached =
        conversions.getSideOutput(ConversionsOperator.REACHED);
    DataStream<HotCount> counted = counted(reached, steps);
    return new Results(
        conversions,
        conversions.getSideOutput(ConversionsOperator.CREDITS),
        steps,
        reached,
        counted,
        counted
            .keyBy(HotCount::key, Types.STRING)
            .process(new HotCountFunction(), Types.POJO(HotCount.class))
            .name("Hot counts")
            .uid("conversions/hot-counts"));
  }

  /**
   * Adds what watches over goals and funnels: the share of people's sessions, hour by hour, that
   * reached a goal, and of those who entered a funnel, that got through.
   *
   * @param sessions closed sessions
   */
  public static SingleOutputStreamOperator<MeasureRow> rates(
      Results results, DataStream<SessionChange> sessions) {
    TypeInformation<RateChange> type = Types.POJO(RateChange.class);
    return results
        .counted
        .filter(count -> !count.bot)
        .name("Counts of people")
        .uid("conversions/counts-of-people")
        .map(RateChange::of, type)
        .name("Changes of rates")
        .uid("conversions/rate-changes")
        .union(
            sessions
                .filter(change -> !change.session.bot)
                .name("Sessions of people")
                .uid("conversions/sessions-of-people")
                .map(RateChange::of, type)
                .name("Changes of session rates")
                .uid("conversions/session-rate-changes"))
        .keyBy(change -> change.tenant, Types.STRING)
        .process(new RatesFunction(), Types.POJO(MeasureRow.class))
        .name("Rates")
        .uid("conversions/rates");
  }

  /**
   * A conversion counts at once, as its event makes it one whenever it is processed. Which event
   * reaches a step depends on those that came before, so steps wait for their checkpoint.
   */
  private static DataStream<HotCount> counted(
      DataStream<Conversion> reached, DataStream<FunnelStepChange> steps) {
    TypeInformation<HotCount> type = Types.POJO(HotCount.class);
    DataStream<HotCount> ofGoals =
        reached.map(HotCount::of, type).name("Count goals").uid("conversions/count-goals");
    DataStream<HotCount> ofSteps =
        steps
            .map(change -> HotCount.of(change.step, change.takesBack() ? -1 : 1), type)
            .name("Count steps")
            .uid("conversions/count-steps")
            .transform("Confirm steps", type, new ConfirmOperator<>(type))
            .uid("conversions/confirm-steps");
    return ofGoals.union(ofSteps);
  }
}
