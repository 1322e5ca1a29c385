package io.millrace.udfs;

import io.millrace.domain.privacy.ScrubRules;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code scrub_text(text)}: a text without mail addresses; null for null. */
public final class ScrubTextFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String text) {
    return ScrubRules.text(text);
  }
}
