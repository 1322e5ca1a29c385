package io.millrace.gateway.privacy;

import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.catalogue.CatalogueMode;
import io.millrace.domain.catalogue.Finding;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.privacy.CookielessVisitors;
import io.millrace.domain.privacy.EventRedactor;
import io.millrace.domain.privacy.PrivacyPolicy;
import io.millrace.domain.privacy.VisitorIdentity;
import io.millrace.domain.tenant.TenantPolicy;
import io.millrace.domain.url.Hosts;
import io.millrace.domain.url.WebUrl;
import java.net.InetAddress;
import java.util.Optional;

/** One tenant's policy, applied to its events. Thread-safe. */
public final class ActivePolicy {
  private static final EventReader READER = new EventReader();
  private static final EventReader ANONYMOUS = EventReader.ofAnonymousEvents();

  private final TenantPolicy source;
  private final Catalogue catalogue;
  private final EventRedactor redactor;
  private final CookielessVisitors visitors;

  ActivePolicy(TenantPolicy source, CookielessVisitors visitors) {
    this.source = source;
    this.catalogue = Catalogue.builtIn().with(source.catalogue().types());
    this.redactor = new EventRedactor(source.privacy());
    this.visitors = visitors;
  }

  TenantPolicy source() {
    return source;
  }

  public PrivacyPolicy privacy() {
    return source.privacy();
  }

  public EventRedactor redactor() {
    return redactor;
  }

  /**
   * Reads this tenant's events.
   *
   * @param historical whether the key imports: then visitors are those of the import
   */
  public EventReader reader(boolean historical) {
    return isCookieless(historical) ? ANONYMOUS : READER;
  }

  /**
   * What the catalogue has against the event, for tenants who take it all the same.
   *
   * @throws RefusedException for tenants who do not
   */
  public Optional<Finding> check(Event event) throws RefusedException {
    Optional<Finding> finding = catalogue.check(event.eventType, event.properties);
    if (finding.isPresent() && source.catalogue().mode() == CatalogueMode.STRICT) {
      throw finding.get().asRefused(event.eventId);
    }
    return finding;
  }

  /**
   * The id that stands for the visitor's own, or empty when that one counts.
   *
   * @param address the visitor's, or null when it is not known; then a server speaks for a visitor
   *     whom it names
   * @param page where the request says it comes from, for events that do not say; may be null
   */
  public Optional<String> visitorId(
      Event event, InetAddress address, String page, boolean historical) throws RefusedException {
    if (!isCookieless(historical)) {
      return Optional.empty();
    }
    if (address == null) {
      if (event.visitorId == null) {
        throw new RefusedException(
            Refusal.MISSING_FIELD,
            "visitorId is missing, and so is the visitor's address; give one of visitorId and ip",
            event.eventId);
      }
      return Optional.empty();
    }
    String host = WebUrl.parse(event.pageUrl).host();
    String site = host.isEmpty() ? WebUrl.parse(page).host() : host;
    return Optional.of(
        visitors.visitorId(event.tenant, address, event.userAgent, Hosts.registrableDomain(site)));
  }

  private boolean isCookieless(boolean historical) {
    return !historical && source.privacy().visitors() == VisitorIdentity.COOKIELESS;
  }
}
