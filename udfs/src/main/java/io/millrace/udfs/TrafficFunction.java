package io.millrace.udfs;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.channel.Traffic;
import io.millrace.domain.channel.Utm;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;

/**
 * {@code traffic(tenant, page_url, referrer [, utm_source, utm_medium, utm_campaign])}: how the
 * visitor came to a page; never null.
 */
public final class TrafficFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private static final String TYPE =
      "ROW<channel STRING, source STRING, medium STRING, campaign STRING, referrer_medium STRING,"
          + " referrer_source STRING>";

  private final OwnHosts ownHosts;
  private transient TrafficRules rules;

  TrafficFunction(OwnHosts ownHosts) {
    this.ownHosts = ownHosts;
  }

  @Override
  public void open(FunctionContext context) {
    rules = new TrafficRules(ownHosts);
  }

  @DataTypeHint(TYPE)
  public Row eval(String tenant, String pageUrl, String referrer) {
    return row(rules.classify(tenant, pageUrl, referrer, Utm.NONE));
  }

  @DataTypeHint(TYPE)
  public Row eval(
      String tenant,
      String pageUrl,
      String referrer,
      String utmSource,
      String utmMedium,
      String utmCampaign) {
    Utm given = new Utm(utmSource, utmMedium, utmCampaign, null, null);
    return row(rules.classify(tenant, pageUrl, referrer, given));
  }

  private static Row row(Traffic traffic) {
    return Row.of(
        traffic.channel(),
        traffic.source(),
        traffic.medium(),
        traffic.campaign(),
        traffic.referrerMedium(),
        traffic.referrerSource());
  }
}
