package io.millrace.domain.tenant;

import io.millrace.domain.catalogue.CatalogueSettings;
import io.millrace.domain.privacy.PrivacyPolicy;

/**
 * What one tenant wants of its events. As JSON: {@code {"catalogue":{…},"privacy":{…}}}; what is
 * left out has its default.
 */
public record TenantPolicy(CatalogueSettings catalogue, PrivacyPolicy privacy) {
  public static final TenantPolicy DEFAULTS = new TenantPolicy(null, null);

  public TenantPolicy {
    catalogue = catalogue == null ? CatalogueSettings.DEFAULTS : catalogue;
    privacy = privacy == null ? PrivacyPolicy.DEFAULTS : privacy;
  }
}
