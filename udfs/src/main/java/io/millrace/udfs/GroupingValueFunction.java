package io.millrace.udfs;

import io.millrace.domain.metric.Grouping;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code grouping_value(text)}: the value that a text counts under in the metrics; {@code (none)}
 * for null.
 */
public final class GroupingValueFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String text) {
    return Grouping.present(text);
  }
}
