package io.millrace.domain.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.LandingPage;
import io.millrace.domain.enrich.SharedData;
import io.millrace.domain.url.WebUrl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          https://a.example/reset?token=abc → https://a.example/reset?token=(removed)
          https://a.example/?a=1&token=abc&b=2 → https://a.example/?a=1&token=(removed)&b=2
          https://a.example/?TOKEN=abc → https://a.example/?TOKEN=(removed)
          https://a.example/?access%5Ftoken=abc → https://a.example/?access%5Ftoken=(removed)
          https://a.example/?reset_token=abc&page=2 → https://a.example/?reset_token=(removed)&page=2
          https://a.example/?user[password]=abc → https://a.example/?user[password]=(removed)
          https://a.example/?user%5Bpassword%5D=abc → https://a.example/?user%5Bpassword%5D=(removed)
          https://a.example/?new_password=a=b;c?d&x=1 → https://a.example/?new_password=(removed)&x=1
          https://a.example/?api_key=1&apikey=2&api-key=3 → https://a.example/?api_key=(removed)&apikey=(removed)&api-key=(removed)
          https://a.example/cb#access_token=abc&token_type=bearer → https://a.example/cb#access_token=(removed)&token_type=bearer
          https://a.example/#/reset?token=abc → https://a.example/#/reset?token=(removed)
          https://a.example/cb?code=abc&state=xyz → https://a.example/cb?code=(removed)&state=xyz
          https://a.example/cb?state=xyz&code=abc → https://a.example/cb?state=xyz&code=(removed)
          https://a.example/s;jsessionid=abc/cart;x=1?y=2 → https://a.example/s;jsessionid=(removed)/cart;x=1?y=2
          https://a.example/s;jsessionid=abc?y=2 → https://a.example/s;jsessionid=(removed)?y=2
          https://a.example/o?X-Amz-Signature=abc&X-Amz-Date=1 → https://a.example/o?X-Amz-Signature=(removed)&X-Amz-Date=1
          https://a.example/?email=ann&q=1 → https://a.example/?email=(removed)&q=1
          /reset?token=abc → /reset?token=(removed)
          ?token=abc → ?token=(removed)
          https://a.example/?next=%2Freset%3Ftoken%3Dabc&x=1 → https://a.example/?next=%2Freset%3Ftoken%3D%28removed%29&x=1
          https://a.example/?next=/reset?token=abc&x=1 → https://a.example/?next=/reset?token=(removed)&x=1
          https://ann:pw@a.example/x → https://a.example/x
          https://ann@a.example → https://a.example
          //ann:pw@a.example/x → //a.example/x
          https://ann:p@ss@a.example:80/x@y → https://a.example:80/x@y
          https://a.example/?u=https://ann:pw@b.example/x → https://a.example/?u=https://b.example/x
          https://a.example/users/ann@example.org/posts → https://a.example/users/(email)/posts
          https://a.example/u/ann%40example.org → https://a.example/u/(email)
          https://a.example/?q=ann.lee%2Bnews%40mail.example.co.uk&p=1 → https://a.example/?q=(email)&p=1
          https://a.example/?u=%2Fx%3Fq%3Dann%2540example.org → https://a.example/?u=%2Fx%3Fq%3D%28email%29
          https://a.example/?q=%3Aann%40example.org → https://a.example/?q=%3A(email)
          https://a.example/?q=ann@example.org,bob@example.org → https://a.example/?q=(email),(email)
          mailto:ann@example.org?subject=x → mailto:(email)?subject=x
          failed: "https://a.example/?token=abc" at 7 → failed: "https://a.example/?token=(removed)" at 7
          GET https://a.example/?token=abc was refused → GET https://a.example/?token=(removed) was refused
          app://shop/ann@example.org → app://shop/(email)
          """)
  void removesSecretsAndMailAddressesFromUrls(String url, String kept) {
    assertThat(ScrubRules.url(url)).isEqualTo(kept);
    assertThat(ScrubRules.url(kept)).as("a second time").isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "https://a.example/",
        "https://a.example/?token=",
        "https://a.example/?token",
        "https://a.example/?q=token&passenger=2&tokens=3&authors=ann&sessions=4",
        "https://a.example/product?code=AB-12",
        "https://a.example/?product_code=AB-12&promo_code=SPRING&coupon=token",
        "https://a.example/?utm_source=email&utm_medium=mail&utm_campaign=pass&utm_content=a@b",
        "https://a.example/?gclid=a&fbclid=b&msclkid=c&ttclid=d&li_fat_id=e&mc_eid=f&igsh=g==",
        "https://a.example/img/logo@2x.png",
        "https://a.example/npm/react@18.2.0/umd/react.min.js",
        "https://a.example/@ann/post",
        "https://a.example/maps/@48.1,11.5,15z",
        "https://a.example/?q=ann@localhost",
        "https://a.example/?q=a%40b&x=100%",
        "https://a.example/?q=%zz%4&%=1&=2&;&&#",
        "https://a.example:8443/a;b=c;d/e?f=g#h",
        "?",
        "@",
        "%40",
        "%2540",
        "//",
        "https://",
        "https://@",
        "#?#?&&;;=",
        "a b c"
      })
  void leavesAllElseAsItIs(String url) {
    assertThat(ScrubRules.url(url)).isEqualTo(url.equals("https://@") ? "https://" : url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " → ",
      textBlock =
          """
          Mail of ann@example.org - Inbox → Mail of (email) - Inbox
          <ann.lee@mail.example.org> → <(email)>
          Ask ann@example.org.Thanks → Ask (email).Thanks
          ann@example.org. Next → (email). Next
          ärger@bücher.de! → (email)!
          see https://a.example/?token=abc → see https://a.example/?token=abc
          5 @ 3 euros → 5 @ 3 euros
          @ann and @bob → @ann and @bob
          a@b → a@b
          """)
  void removesOnlyMailAddressesFromTexts(String text, String kept) {
    assertThat(ScrubRules.text(text)).isEqualTo(kept);
  }

  @Test
  void givesTheSameObjectWhenThereIsNothingToRemove() {
    String url = "https://a.example/a;b=c?token=&x=ann@localhost#d";
    String text = "5 @ 3 euros";

    assertThat(ScrubRules.url(url)).isSameAs(url);
    assertThat(ScrubRules.text(text)).isSameAs(text);
    assertThat(ScrubRules.url(null)).isNull();
    assertThat(ScrubRules.text(null)).isNull();
  }

  @Test
  void takesNoLongerForUrlsMadeToBeSlow() {
    String many = "https://a.example/?" + "a=b@".repeat(2000);
    String nested = "https://a.example/?u=" + "%2Fa%3Fu%3D".repeat(700);
    String signs = "a.".repeat(2000) + "@".repeat(2000) + "b.".repeat(2000);

    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < 20; i++) {
      ScrubRules.url(many);
      ScrubRules.url(nested);
      ScrubRules.url(signs);
    }

    assertThat((threads.getCurrentThreadCpuTime() - start) / 60).isLessThan(50_000_000L);
  }

  /** Broken URLs of all kinds: nothing throws, and what is removed stays removed. */
  @Test
  void copesWithEveryUrlOfThePublicSuite() throws IOException {
    int changed = 0;
    for (var row : SharedData.rows("url-cases/urltestdata.ndjson.gz")) {
      String url = row.get("input").asText();
      String kept = ScrubRules.url(url);
      changed += kept.equals(url) ? 0 : 1;

      assertThat(ScrubRules.url(kept)).as(url).isEqualTo(kept);
      if (!row.path("failure").asBoolean() && !url.contains("@") && !url.contains("%40")) {
        assertThat(kept).isEqualTo(url);
      }
    }
    System.out.println("changed " + changed + " URLs of the public suite");

    assertThat(changed).isPositive();
  }

  /** Page paths and campaigns are what all expected answers hang on. */
  @ParameterizedTest
  @CsvSource({"blog-2016, 31", "shop-2019-a, 20", "apache-2015, 0", "wiki-2015, 0"})
  void changesNoPathNoCampaignAndNoReferrerHostOfRealTraffic(String set, int expected)
      throws IOException {
    int changed = 0;
    for (var row : SharedData.rows(set + "/events.ndjson.gz")) {
      String page = row.get("pageUrl").asText();
      String referrer = row.get("referrer").asText();
      String keptPage = ScrubRules.url(page);
      String keptReferrer = ScrubRules.url(referrer);
      changed += keptPage.equals(page) && keptReferrer.equals(referrer) ? 0 : 1;

      assertThat(LandingPage.of(keptPage)).isEqualTo(LandingPage.of(page));
      assertThat(WebUrl.parse(keptReferrer).host()).isEqualTo(WebUrl.parse(referrer).host());
    }

    assertThat(changed).isEqualTo(expected);
  }
}
