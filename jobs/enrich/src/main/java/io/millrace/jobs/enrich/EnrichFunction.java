package io.millrace.jobs.enrich;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.enrich.EnrichmentRules;
import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.DeadLetter;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Parts events from dead letters and fills in what they imply. Each record is counted: in = events
 * + letters + heartbeats.
 */
final class EnrichFunction extends ProcessFunction<RawRecord, Event> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", Types.POJO(DeadLetter.class));

  private final OwnHosts ownHosts;
  private transient EnrichmentRules rules;
  private transient Counter events;
  private transient Counter deadLetters;
  private transient Counter heartbeats;

  EnrichFunction(OwnHosts ownHosts) {
    this.ownHosts = ownHosts;
  }

  @Override
  public void open(Configuration parameters) {
    rules = new EnrichmentRules(ownHosts);
    events = getRuntimeContext().getMetricGroup().counter("events_total");
    deadLetters = getRuntimeContext().getMetricGroup().counter("dead_letters_total");
    heartbeats = getRuntimeContext().getMetricGroup().counter("heartbeats_total");
  }

  @Override
  public void processElement(RawRecord record, Context ctx, Collector<Event> out) {
    if (record.event != null) {
      rules.enrich(record.event);
      events.inc();
      out.collect(record.event);
    } else if (record.deadLetter != null) {
      deadLetters.inc();
      ctx.output(DEAD_LETTERS, record.deadLetter);
    } else {
      heartbeats.inc();
    }
  }
}
