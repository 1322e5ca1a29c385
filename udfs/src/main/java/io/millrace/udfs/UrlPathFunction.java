package io.millrace.udfs;

import io.millrace.domain.url.WebUrl;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code url_path(url)}: the path as it was sent, {@code /} where there is none; null for null. */
public final class UrlPathFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String url) {
    return url == null ? null : WebUrl.parse(url).path();
  }
}
