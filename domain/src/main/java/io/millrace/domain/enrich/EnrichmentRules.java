package io.millrace.domain.enrich;

import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.channel.ChannelRules;
import io.millrace.domain.channel.LandingPage;
import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.channel.Traffic;
import io.millrace.domain.channel.Utm;
import io.millrace.domain.device.Device;
import io.millrace.domain.device.UserAgentRules;
import io.millrace.domain.event.Event;

/**
 * Fills what an event implies but does not say: the usual name of its type, path, campaign tags,
 * channel, device and bot.
 *
 * <p>Enriching twice changes nothing. Country, region and city stay as they are: only the gateway
 * sees the address they come from. No input makes this throw. Thread-safe.
 */
public final class EnrichmentRules {
  private final ChannelRules channels;
  private final UserAgentRules userAgents = UserAgentRules.shared();
  private final Catalogue catalogue = Catalogue.builtIn();

  public EnrichmentRules(OwnHosts ownHosts) {
    this.channels = new ChannelRules(ownHosts);
  }

  /** Fills the event in place. */
  public void enrich(Event event) {
    // Older names of a type count like the type, in every measure and every query.
    event.eventType = catalogue.canonical(event.eventType);
    enrichPage(event);
    enrichDevice(event);
  }

  private void enrichPage(Event event) {
    LandingPage page = LandingPage.of(event.pageUrl);
    if (event.pagePath == null && event.pageUrl != null && !event.pageUrl.isBlank()) {
      event.pagePath = page.path();
    }

    Utm utm =
        new Utm(
                event.utmSource,
                event.utmMedium,
                event.utmCampaign,
                event.utmTerm,
                event.utmContent)
            .or(page.utm());
    event.utmSource = utm.source();
    event.utmMedium = utm.medium();
    event.utmCampaign = utm.campaign();
    event.utmTerm = utm.term();
    event.utmContent = utm.content();

    Traffic traffic = channels.classify(event.tenant, page, utm, event.referrer);
    event.channel = traffic.channel();
    event.trafficSource = traffic.source();
    event.trafficMedium = traffic.medium();
    event.trafficCampaign = traffic.campaign();
    event.referrerMedium = traffic.referrerMedium();
    event.referrerSource = traffic.referrerSource();
  }

  /** What the user agent shows beats what the sender claims; a claim beats nothing. */
  private void enrichDevice(Event event) {
    Device device = userAgents.describe(event.userAgent);
    event.bot = device.bot();
    event.botReason = device.botReason();
    if (device.browser() != null) {
      event.browser = device.browser();
      event.browserVersion = device.browserVersion();
    }
    event.os = given(device.os(), event.os);
    if (!device.deviceType().equals(Device.OTHER) || event.deviceType == null) {
      event.deviceType = device.deviceType();
    }
  }

  /** The first of two that says anything. */
  private static String given(String first, String second) {
    return first == null || first.isBlank() ? second : first;
  }
}
