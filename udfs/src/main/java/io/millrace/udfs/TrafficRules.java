package io.millrace.udfs;

import io.millrace.domain.channel.ChannelRules;
import io.millrace.domain.channel.LandingPage;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.channel.Traffic;
import io.millrace.domain.channel.Utm;

/** The channel of a page view from the columns that decide it: what the functions share. */
final class TrafficRules {
  private final ChannelRules channels;

  TrafficRules(OwnHosts ownHosts) {
    channels = new ChannelRules(ownHosts);
  }

  /** How the visitor came; every argument may be null. Tags beside the URL beat those in it. */
  Traffic classify(String tenant, String pageUrl, String referrer, Utm given) {
    LandingPage page = LandingPage.of(pageUrl);
    return channels.classify(tenant, page, given.or(page.utm()), referrer);
  }
}
