package io.millrace.udfs;

import io.millrace.domain.channel.ClickId;
import io.millrace.domain.channel.LandingPage;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;

/** {@code click_id(url)}: the network whose click id is in a URL; null where there is none. */
public final class ClickIdFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  @DataTypeHint("ROW<source STRING, medium STRING, channel STRING>")
  public Row eval(String url) {
    ClickId clickId = LandingPage.of(url).clickId();
    return clickId == null ? null : Row.of(clickId.source(), clickId.medium(), clickId.channel());
  }
}
