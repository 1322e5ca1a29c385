package io.millrace.domain.channel;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.millrace.domain.url.Hosts;
import io.millrace.domain.url.WebUrl;
import java.util.Set;

/**
 * Decides how a visitor came: campaign tags first, then click ids, then the referrer; what is left
 * is direct.
 *
 * <p>Thread-safe. What is known of a host is cached, as a site's traffic comes from few hosts and
 * the public suffix list costs microseconds.
 */
public final class ChannelRules {
  public static final String CAMPAIGN = "campaign";
  public static final String SEARCH = "search";
  public static final String SOCIAL = "social";
  public static final String EMAIL = "email";
  public static final String AI = "ai";
  public static final String REFERRAL = "referral";
  public static final String DIRECT = "direct";

  /** A referrer's medium, never a channel: a page of the same site. */
  public static final String INTERNAL = "internal";

  private static final Set<String> APP_SCHEMES = Set.of("android-app", "ios-app");
  private static final int CACHED_HOSTS = 20_000;

  private final OwnHosts ownHosts;
  private final ReferrerRules referrers = ReferrerRules.curated();
  private final LoadingCache<String, Host> hosts =
      Caffeine.newBuilder().maximumSize(CACHED_HOSTS).build(this::describe);

  private record Host(String registrableDomain, ReferrerRules.Source source) {}

  private record Referrer(String medium, String source) {
    static final Referrer NONE = new Referrer(null, null);
    static final Referrer OWN = new Referrer(INTERNAL, null);
  }

  public ChannelRules(OwnHosts ownHosts) {
    this.ownHosts = ownHosts;
  }

  /** How the visitor came to {@code page} of {@code tenant}; referrer and tenant may be null. */
  public Traffic classify(String tenant, LandingPage page, Utm utm, String referrer) {
    Referrer from = referrer(tenant, page.host(), referrer);
    if (utm.namesCampaign()) {
      return new Traffic(
          CAMPAIGN, utm.source(), utm.medium(), utm.campaign(), from.medium, from.source);
    }
    ClickId clickId = page.clickId();
    if (clickId != null) {
      return new Traffic(
          clickId.channel(), clickId.source(), clickId.medium(), null, from.medium, from.source);
    }
    if (from.medium == null || from.medium.equals(INTERNAL)) {
      return new Traffic(DIRECT, null, null, null, from.medium, null);
    }
    return new Traffic(from.medium, from.source, from.medium, null, from.medium, from.source);
  }

  private Referrer referrer(String tenant, String pageHost, String referrer) {
    if (referrer == null || referrer.isEmpty()) {
      return Referrer.NONE;
    }
    WebUrl url = WebUrl.parse(referrer);
    String host = url.host();
    if (host.isEmpty()) {
      // Not sent by a browser: "-", "null", about:blank, a bare word.
      return Referrer.NONE;
    }
    if (APP_SCHEMES.contains(url.scheme())) {
      ReferrerRules.Source app = referrers.ofApp(host);
      return app == null ? new Referrer(REFERRAL, host) : new Referrer(app.medium(), app.name());
    }

    Host known = hosts.get(host);
    if (host.equals(pageHost)
        || ownHosts.contains(tenant, host)
        || (!pageHost.isEmpty()
            && known.registrableDomain.equals(hosts.get(pageHost).registrableDomain))) {
      return Referrer.OWN;
    }
    return known.source == null
        ? new Referrer(REFERRAL, host)
        : new Referrer(known.source.medium(), known.source.name());
  }

  private Host describe(String host) {
    return new Host(Hosts.registrableDomain(host), referrers.ofHost(host));
  }
}
