package io.millrace.domain.channel;

import static io.millrace.domain.channel.ChannelRules.CAMPAIGN;
import static io.millrace.domain.channel.ChannelRules.EMAIL;
import static io.millrace.domain.channel.ChannelRules.SOCIAL;

import java.util.Map;

/**
 * Who puts a click id into the links to a page.
 *
 * <p>The sources are in lower case, as people write them in {@code utm_source}, so that tagged and
 * auto-tagged campaigns of one network add up.
 *
 * @param source the network
 * @param medium {@code paid} where only advertisements carry the id
 * @param channel the channel that the id alone decides
 */
public record ClickId(String source, String medium, String channel) {
  private static final String PAID = "paid";

  private static final Map<String, ClickId> BY_PARAMETER =
      Map.ofEntries(
          Map.entry("gclid", new ClickId("google", PAID, CAMPAIGN)),
          Map.entry("gbraid", new ClickId("google", PAID, CAMPAIGN)),
          Map.entry("wbraid", new ClickId("google", PAID, CAMPAIGN)),
          Map.entry("dclid", new ClickId("google", PAID, CAMPAIGN)),
          Map.entry("msclkid", new ClickId("bing", PAID, CAMPAIGN)),
          Map.entry("ttclid", new ClickId("tiktok", PAID, CAMPAIGN)),
          Map.entry("li_fat_id", new ClickId("linkedin", PAID, CAMPAIGN)),
          Map.entry("twclid", new ClickId("twitter", PAID, CAMPAIGN)),
          Map.entry("sccid", new ClickId("snapchat", PAID, CAMPAIGN)),
          Map.entry("rdt_cid", new ClickId("reddit", PAID, CAMPAIGN)),
          Map.entry("epik", new ClickId("pinterest", PAID, CAMPAIGN)),
          Map.entry("qclid", new ClickId("quora", PAID, CAMPAIGN)),
          Map.entry("yclid", new ClickId("yandex", PAID, CAMPAIGN)),
          // Facebook adds it to every outgoing link, paid or not.
          Map.entry("fbclid", new ClickId("facebook", SOCIAL, SOCIAL)),
          // Instagram's share button adds it; advertisements carry fbclid.
          Map.entry("igsh", new ClickId("instagram", SOCIAL, SOCIAL)),
          Map.entry("mc_cid", new ClickId("mailchimp", EMAIL, EMAIL)));

  /** The click id that a query parameter of this name is, or null. */
  static ClickId ofParameter(String lowerCaseName) {
    return BY_PARAMETER.get(lowerCaseName);
  }

  /** Of two ids in one URL, the one that was paid for. */
  static ClickId stronger(ClickId first, ClickId second) {
    return first == null || (!first.medium.equals(PAID) && second.medium.equals(PAID))
        ? second
        : first;
  }
}
