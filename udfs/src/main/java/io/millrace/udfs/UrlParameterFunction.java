package io.millrace.udfs;

import io.millrace.domain.url.QueryString;
import io.millrace.domain.url.WebUrl;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code url_parameter(url, name)}: the decoded value of a query parameter; null where there is
 * none.
 */
public final class UrlParameterFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String url, String name) {
    return name == null ? null : QueryString.first(WebUrl.parse(url).query(), name);
  }
}
