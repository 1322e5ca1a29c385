package io.millrace.udfs;

import io.millrace.domain.channel.LandingPage;
import io.millrace.domain.channel.Utm;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;

/** {@code utm(url)}: the campaign tags in a URL; null for null. */
public final class UtmFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  @DataTypeHint("ROW<source STRING, medium STRING, campaign STRING, term STRING, content STRING>")
  public Row eval(String url) {
    if (url == null) {
      return null;
    }
    Utm utm = LandingPage.of(url).utm();
    return Row.of(utm.source(), utm.medium(), utm.campaign(), utm.term(), utm.content());
  }
}
