package io.millrace.udfs;

import io.millrace.domain.geo.IpRules;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code truncate_address(text)}: the network that may be kept of an address; null for what is no
 * address.
 */
public final class TruncateAddressFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  public String eval(String address) {
    return IpRules.parse(address).map(IpRules::prefix).orElse(null);
  }
}
