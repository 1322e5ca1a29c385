package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.domain.catalogue.CatalogueMode;
import io.millrace.domain.privacy.VisitorIdentity;
import io.millrace.domain.tenant.TenantPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantSettingsTest {
  @Test
  void aTenantThatHasChosenNothingHasNoQuota() {
    TenantSettings settings = TenantSettings.parse("{}");

    assertThat(settings.dailyEventQuota()).isNull();
    assertThat(settings.policy()).isEqualTo(TenantPolicy.DEFAULTS);
    assertThat(settings).isEqualTo(TenantSettings.DEFAULT);
  }

  @Test
  void keepsFieldsThatItDoesNotKnow() {
    TenantSettings settings =
        TenantSettings.parse("{\"later\":{\"a\":[1]},\"privacy\":{\"gpc\":\"x\"}}")
            .with("catalogue.mode", "strict")
            .with("dailyEventQuota", "1000")
            .with("privacy.visitors", "cookieless")
            .with("privacy.scrub", "false")
            .with("privacy.scrub", "null");

    assertThat(settings.policy().catalogue().mode()).isEqualTo(CatalogueMode.STRICT);
    assertThat(settings.policy().privacy().visitors()).isEqualTo(VisitorIdentity.COOKIELESS);
    assertThat(settings.dailyEventQuota()).isEqualTo(1000);
    assertThat(settings)
        .hasToString(
            "{\"later\":{\"a\":[1]},\"privacy\":{\"gpc\":\"x\",\"visitors\":\"cookieless\"},"
                + "\"catalogue\":{\"mode\":\"strict\"},\"dailyEventQuota\":1000}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          catalogue        | strict | catalogue is "strict"; give a JSON object
          dailyEventQuota  | 0      | dailyEventQuota is 0; give a whole number above 0, or null for any number
          dailyEventQuota  | 1.5    | dailyEventQuota is 1.5; give a whole number above 0, or null for any number
          dailyEventQuota  | "5"    | dailyEventQuota is "5"; give a whole number above 0, or null for any number
          dailyEventQuota  | 9223372036854775808 | dailyEventQuota is 9223372036854775808; give a whole number above 0, or null for any number
          privacy          | []     | privacy is []; give a JSON object
          dailyEventQouta  | 5      | there is no setting "dailyEventQouta"; there are catalogue, dailyEventQuota, privacy, stripeWebhookSecret
          catalogue.mode   | loose  | catalogue.mode is "loose"; give one of lenient, strict
          catalogue.types  | {"a":5} | Cannot use the catalogue: type a
          privacy.dnt      | drop   | there is no setting "privacy.dnt"; there are privacy.allowedProperties, privacy.consent, privacy.consentCountries, privacy.deniedProperties, privacy.doNotTrack, privacy.globalPrivacyControl, privacy.scrub, privacy.visitors
          privacy.consentCountries | ["Germany"] | Cannot use the privacy policy: consentCountries has "Germany"; give ISO codes of two capital letters, for example "DE"
          catalogue.mode.x | 5      | mode is "lenient" and has no field x inside
          """)
  void refusesWhatCannotBeMeant(String path, String value, String message) {
    TenantSettings settings = TenantSettings.parse("{\"catalogue\":{\"mode\":\"lenient\"}}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.with(path, value))
        .withMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({"[], the settings are []; give a JSON object", "{, the settings are no JSON: "})
  void refusesADocumentThatIsNone(String document, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TenantSettings.parse(document))
        .withMessageStartingWith(message);
  }
}
