package io.millrace.udfs;

import io.millrace.domain.privacy.ScrubRules;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code scrub_url(url)}: a URL without secrets and mail addresses; null for null. */
public final class ScrubUrlFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String url) {
    return ScrubRules.url(url);
  }
}
