package io.millrace.udfs;

import io.millrace.domain.url.Hosts;
import io.millrace.domain.url.WebUrl;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code url_domain(url)}: the part of the host that one owner registers; null where there is no
 * host.
 */
public final class UrlDomainFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String url) {
    String host = WebUrl.parse(url).host();
    return host.isEmpty() ? null : Hosts.registrableDomain(host);
  }
}
