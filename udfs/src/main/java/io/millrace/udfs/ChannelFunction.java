package io.millrace.udfs;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.channel.Utm;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code channel(tenant, page_url, referrer [, utm_source, utm_medium, utm_campaign])}: the channel
 * alone; never null.
 */
public final class ChannelFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private final OwnHosts ownHosts;
  private transient TrafficRules rules;

  ChannelFunction(OwnHosts ownHosts) {
    this.ownHosts = ownHosts;
  }

  @Override
  public void open(FunctionContext context) {
    rules = new TrafficRules(ownHosts);
  }

  public String eval(String tenant, String pageUrl, String referrer) {
    return rules.classify(tenant, pageUrl, referrer, Utm.NONE).channel();
  }

  public String eval(
      String tenant,
      String pageUrl,
      String referrer,
      String utmSource,
      String utmMedium,
      String utmCampaign) {
    Utm given = new Utm(utmSource, utmMedium, utmCampaign, null, null);
    return rules.classify(tenant, pageUrl, referrer, given).channel();
  }
}
