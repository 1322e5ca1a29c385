package io.millrace.domain.privacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.Set;

/**
 * What one tenant keeps of its visitors. As JSON, with the defaults:
 *
 * <pre>
 * {"doNotTrack":"drop", "globalPrivacyControl":"drop",
 *  "consent":"honour", "consentCountries":["AT","BE",…],
 *  "visitors":"client", "scrub":true,
 *  "allowedProperties":null, "deniedProperties":[]}
 * </pre>
 *
 * @param doNotTrack what the header {@code DNT: 1} does
 * @param globalPrivacyControl what the header {@code Sec-GPC: 1} does
 * @param consent what the field {@code consent} does
 * @param consentCountries ISO 3166-1 alpha-2, for {@link ConsentRule#REQUIRE_IN_COUNTRIES}; by
 *     default the European Economic Area, the United Kingdom and Switzerland
 * @param visitors who a visitor is
 * @param scrub whether secrets and mail addresses are removed from URLs and titles
 * @param allowedProperties the only properties that are kept; null keeps all
 * @param deniedProperties properties that are dropped, also where they are allowed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PrivacyPolicy(
    SignalRule doNotTrack,
    SignalRule globalPrivacyControl,
    ConsentRule consent,
    Set<String> consentCountries,
    VisitorIdentity visitors,
    Boolean scrub,
    Set<String> allowedProperties,
    Set<String> deniedProperties) {

  private static final Set<String> EUROPE =
      Set.of(
          "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
          "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE",
          "SI", "SK");

  public static final PrivacyPolicy DEFAULTS =
      new PrivacyPolicy(null, null, null, null, null, null, null, null);

  public PrivacyPolicy {
    doNotTrack = doNotTrack == null ? SignalRule.DROP : doNotTrack;
    globalPrivacyControl = globalPrivacyControl == null ? SignalRule.DROP : globalPrivacyControl;
    consent = consent == null ? ConsentRule.HONOUR : consent;
    consentCountries = consentCountries == null ? EUROPE : Set.copyOf(consentCountries);
    visitors = visitors == null ? VisitorIdentity.CLIENT : visitors;
    scrub = scrub == null ? Boolean.TRUE : scrub;
    allowedProperties = allowedProperties == null ? null : Set.copyOf(allowedProperties);
    deniedProperties = deniedProperties == null ? Set.of() : Set.copyOf(deniedProperties);
    for (String country : consentCountries) {
      if (!country.matches("[A-Z]{2}")) {
        throw new IllegalArgumentException(
            "Cannot use the privacy policy: consentCountries has \""
                + country
                + "\"; give ISO codes of two capital letters, for example \"DE\"");
      }
    }
  }

  /**
   * Whether a whole request is withheld.
   *
   * @param dnt the header {@code DNT}, or null
   * @param gpc the header {@code Sec-GPC}, or null
   */
  public Optional<Withheld> withholds(String dnt, String gpc) {
    if (doNotTrack == SignalRule.DROP && isOn(dnt)) {
      return Optional.of(Withheld.DO_NOT_TRACK);
    }
    if (globalPrivacyControl == SignalRule.DROP && isOn(gpc)) {
      return Optional.of(Withheld.GLOBAL_PRIVACY_CONTROL);
    }
    return Optional.empty();
  }

  private static boolean isOn(String header) {
    return header != null && header.strip().equals("1");
  }

  /**
   * Whether one event is withheld.
   *
   * @param purposes the event's field {@code consent}, or null
   * @param country by the sender's address, or null when it is not known
   */
  public Optional<Withheld> withholdsEvent(String purposes, String country) {
    if (consent == ConsentRule.IGNORE) {
      return Optional.empty();
    }
    return switch (Consent.toAnalytics(purposes)) {
      case GIVEN -> Optional.empty();
      case REFUSED -> Optional.of(Withheld.CONSENT_REFUSED);
      case UNKNOWN ->
          requiresConsent(country) ? Optional.of(Withheld.CONSENT_MISSING) : Optional.empty();
    };
  }

  private boolean requiresConsent(String country) {
    return consent == ConsentRule.REQUIRE
        || (consent == ConsentRule.REQUIRE_IN_COUNTRIES
            && (country == null || consentCountries.contains(country)));
  }

  /** Whether a property of that name may be kept. */
  boolean keeps(String property) {
    return !deniedProperties.contains(property)
        && (allowedProperties == null || allowedProperties.contains(property));
  }

  boolean filtersProperties() {
    return allowedProperties != null || !deniedProperties.isEmpty();
  }
}
