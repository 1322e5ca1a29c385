package io.millrace.udfs;

import io.millrace.domain.metric.MetricRules;
import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code metric_window(at)}: start of the quarter of an hour that holds a time; null for null. */
public final class MetricWindowFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  @DataTypeHint("TIMESTAMP_LTZ(3)")
  public Instant eval(@DataTypeHint("TIMESTAMP_LTZ(3)") Instant at) {
    return at == null
        ? null
        : Instant.ofEpochMilli(MetricRules.windowStart(at.toEpochMilli(), MetricRules.WINDOW_MS));
  }
}
