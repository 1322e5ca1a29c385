package io.millrace.udfs;

import io.millrace.domain.url.WebUrl;
import org.apache.flink.table.functions.ScalarFunction;

/** {@code url_host(url)}: the host in lower case and its ASCII form; null where there is none. */
public final class UrlHostFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String url) {
    String host = WebUrl.parse(url).host();
    return host.isEmpty() ? null : host;
  }
}
