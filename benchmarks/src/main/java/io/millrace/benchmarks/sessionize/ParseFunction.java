package io.millrace.benchmarks.sessionize;

import io.millrace.domain.event.Event;
import io.millrace.jobs.enrich.RawRecord;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** The events among the records, without enrichment. */
final class ParseFunction implements FlatMapFunction<RawRecord, Event> {
  private static final long serialVersionUID = 1L;

  @Override
  public void flatMap(RawRecord record, Collector<Event> out) {
    if (record.event != null) {
      out.collect(record.event);
    } else if (record.deadLetter != null) {
      throw new IllegalStateException("A planted event was refused: " + record.deadLetter.message);
    }
  }
}
