package io.millrace.domain.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.domain.tenant.TenantPolicy;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyPolicyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void readsItselfFromJsonWithDefaults() throws Exception {
    TenantPolicy given =
        JSON.readValue(
            """
            {"catalogue":{"mode":"strict"},
             "privacy":{"doNotTrack":"ignore","globalPrivacyControl":"ignore",
               "consent":"require_in_countries","consentCountries":["NZ"],"visitors":"cookieless",
               "scrub":false,"allowedProperties":["a"],"deniedProperties":["b"]}}
            """,
            TenantPolicy.class);

    assertThat(JSON.readValue("{}", TenantPolicy.class)).isEqualTo(TenantPolicy.DEFAULTS);
    assertThat(JSON.readValue("{\"privacy\":{}}", TenantPolicy.class))
        .isEqualTo(TenantPolicy.DEFAULTS);
    assertThat(PrivacyPolicy.DEFAULTS.doNotTrack()).isEqualTo(SignalRule.DROP);
    assertThat(PrivacyPolicy.DEFAULTS.globalPrivacyControl()).isEqualTo(SignalRule.DROP);
    assertThat(PrivacyPolicy.DEFAULTS.consent()).isEqualTo(ConsentRule.HONOUR);
    assertThat(PrivacyPolicy.DEFAULTS.consentCountries()).hasSize(32).contains("DE", "GB", "CH");
    assertThat(PrivacyPolicy.DEFAULTS.visitors()).isEqualTo(VisitorIdentity.CLIENT);
    assertThat(PrivacyPolicy.DEFAULTS.scrub()).isTrue();
    assertThat(given.privacy())
        .isEqualTo(
            new PrivacyPolicy(
                SignalRule.IGNORE,
                SignalRule.IGNORE,
                ConsentRule.REQUIRE_IN_COUNTRIES,
                Set.of("NZ"),
                VisitorIdentity.COOKIELESS,
                false,
                Set.of("a"),
                Set.of("b")));
    assertThat(JSON.readValue(JSON.writeValueAsBytes(given), TenantPolicy.class)).isEqualTo(given);
  }

  @Test
  void namesACountryThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PrivacyPolicy(null, null, null, Set.of("de"), null, null, null, null))
        .withMessage(
            "Cannot use the privacy policy: consentCountries has \"de\"; give ISO codes of two"
                + " capital letters, for example \"DE\"");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "drop, drop, -, -, -",
        "drop, drop, 1, -, DO_NOT_TRACK",
        "drop, drop, ' 1 ', 1, DO_NOT_TRACK",
        "drop, drop, 0, 1, GLOBAL_PRIVACY_CONTROL",
        "drop, drop, null, 0, -",
        "drop, drop, yes, true, -",
        "ignore, drop, 1, -, -",
        "ignore, drop, 1, 1, GLOBAL_PRIVACY_CONTROL",
        "ignore, ignore, 1, 1, -"
      })
  void withholdsRequestsOfBrowsersThatAskForIt(
      String onDnt, String onGpc, String dnt, String gpc, Withheld expected) {
    PrivacyPolicy policy =
        JSON.convertValue(
            JSON.createObjectNode().put("doNotTrack", onDnt).put("globalPrivacyControl", onGpc),
            PrivacyPolicy.class);

    assertThat(policy.withholds(dnt, gpc).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "ignore, necessary, DE, -",
        "ignore, -, DE, -",
        "honour, -, DE, -",
        "honour, 'necessary,analytics', DE, -",
        "honour, 'necessary,marketing', DE, CONSENT_REFUSED",
        "honour, none, -, CONSENT_REFUSED",
        "require, -, US, CONSENT_MISSING",
        "require, whatever, US, CONSENT_MISSING",
        "require, denied, US, CONSENT_REFUSED",
        "require, analytics, -, -",
        "require_in_countries, -, DE, CONSENT_MISSING",
        "require_in_countries, -, US, -",
        "require_in_countries, -, -, CONSENT_MISSING",
        "require_in_countries, necessary, US, CONSENT_REFUSED",
        "require_in_countries, all, DE, -"
      })
  void withholdsEventsWithoutTheConsentThatThePolicyAsksFor(
      String rule, String consent, String country, Withheld expected) {
    PrivacyPolicy policy =
        JSON.convertValue(JSON.createObjectNode().put("consent", rule), PrivacyPolicy.class);

    assertThat(policy.withholdsEvent(consent, country).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, UNKNOWN",
        "'', UNKNOWN",
        "perhaps, UNKNOWN",
        "analytics, GIVEN",
        "'Necessary, Analytics', GIVEN",
        "necessary;analytics;marketing, GIVEN",
        "all, GIVEN",
        "granted, GIVEN",
        "analytics=true marketing=false, GIVEN",
        "analytics:granted, GIVEN",
        "analytics=1, GIVEN",
        "necessary, REFUSED",
        "'necessary,marketing', REFUSED",
        "none, REFUSED",
        "denied, REFUSED",
        "'necessary=true,analytics=false', REFUSED",
        "analytics=denied, REFUSED",
        "'all,analytics=false', REFUSED"
      })
  void readsWhatAnEventSaysOfConsent(String consent, Consent expected) {
    assertThat(Consent.toAnalytics(consent)).isEqualTo(expected);
  }
}
