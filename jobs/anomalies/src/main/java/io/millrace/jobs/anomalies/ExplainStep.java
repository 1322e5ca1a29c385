package io.millrace.jobs.anomalies;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Segments and verdicts in; the same verdicts out, those of anomalies explained. */
final class ExplainStep {
  private ExplainStep() {}

  /**
   * Joins both by tenant.
   *
   * @param segments windows of a quarter of an hour, of all groupings, before the watermark that
   *     closes them; again when they change
   */
  static SingleOutputStreamOperator<VerdictRow> define(
      DataStream<SegmentWindow> segments, DataStream<VerdictRow> verdicts) {
    return segments
        .keyBy(window -> window.tenant, Types.STRING)
        .connect(verdicts.keyBy(row -> row.tenant, Types.STRING))
        .process(new ExplainFunction(), Types.POJO(VerdictRow.class))
        .name("Explain")
        .uid("anomalies/explain");
  }
}
