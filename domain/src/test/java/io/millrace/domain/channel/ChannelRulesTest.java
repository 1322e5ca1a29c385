package io.millrace.domain.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.StringReader;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRulesTest {
  private static final OwnHosts OWN = OwnHosts.of(Map.of("acme", Set.of("Acme.shop", "pay.test")));

  private final ChannelRules channels = new ChannelRules(OWN);

  private Traffic visit(String pageUrl, String referrer) {
    LandingPage page = LandingPage.of(pageUrl);
    return channels.classify("acme", page, page.utm(), referrer);
  }

  @ParameterizedTest
  @CsvSource({
    "https://www.google.com/, search, Google",
    "https://www.google.co.in/url?q=x, search, Google",
    "https://google.ru, search, Google",
    "https://images.google.de/imgres, search, Google Images",
    "android-app://com.google.android.googlequicksearchbox, search, Google",
    "android-app://com.google.android.googlequicksearchbox/https/www.google.com, search, Google",
    "http://yandex.ru/clck/jsredir, search, Yandex",
    "https://www.yandex.com.tr/, search, Yandex",
    "https://r.search.yahoo.com/x, search, Yahoo!",
    "https://uk.search.yahoo.com/, search, Yahoo!",
    "https://www.bing.com/search?q=a, search, Bing",
    "https://m.baidu.com/, search, Baidu",
    "https://duckduckgo.com/, search, DuckDuckGo",
    "https://l.facebook.com/l.php?u=x, social, Facebook",
    "https://t.co/abc, social, Twitter",
    "https://old.reddit.com/r/java, social, Reddit",
    "https://news.ycombinator.com/item?id=1, social, Hacker News",
    "android-app://com.linkedin.android/, social, LinkedIn",
    "https://plus.google.com/, social, Google+",
    "https://mail.google.com/mail/u/0/, email, Gmail",
    "https://outlook.live.com/, email, Outlook",
    "android-app://com.google.android.gm/, email, Gmail",
    "https://chatgpt.com/, ai, ChatGPT",
    "https://www.perplexity.ai/search, ai, Perplexity",
    "https://gemini.google.com/app, ai, Gemini",
    "https://claude.ai/chat/1, ai, Claude",
    "https://copilot.microsoft.com/, ai, Copilot",
    "https://docs.google.com/document, referral, Google Docs",
    "https://translate.google.co.uk/, referral, Google Translate",
    "https://Blog.Example.org/a, referral, blog.example.org",
    "http://10.0.0.7/, referral, 10.0.0.7",
    "https://notgoogle.com/, referral, notgoogle.com",
    "https://google.evil.example/, referral, google.evil.example",
    "https://com.google.android.gm/, referral, com.google.android.gm",
    "android-app://org.example.reader/, referral, org.example.reader"
  })
  void knowsAReferrerByTheLongestDomain(String referrer, String channel, String source) {
    Traffic traffic = visit("https://acme.test/", referrer);

    assertThat(traffic).isEqualTo(new Traffic(channel, source, channel, null, channel, source));
  }

  @ParameterizedTest
  @CsvSource({
    "https://www.acme.co.uk/, https://shop.acme.co.uk/cart",
    "https://www.acme.co.uk/, https://acme.co.uk:8443/",
    "http://localhost:8080/, http://localhost:3000/",
    "http://10.0.0.7/, http://10.0.0.7/a",
    "https://www.acme.co.uk/, https://www.acme.shop/",
    "https://www.acme.co.uk/, https://checkout.PAY.test/",
    "/cart, https://acme.shop/"
  })
  void takesOwnHostsForInternal(String pageUrl, String referrer) {
    assertThat(visit(pageUrl, referrer))
        .isEqualTo(new Traffic("direct", null, null, null, "internal", null));
  }

  @ParameterizedTest
  @CsvSource({
    "https://ann.github.io/, https://bob.github.io/",
    "http://10.0.0.7/, http://10.0.0.8/",
    "https://acme.test/, https://acme.org/"
  })
  void takesANeighbourForAStranger(String pageUrl, String referrer) {
    assertThat(visit(pageUrl, referrer).channel()).isEqualTo("referral");
  }

  @Test
  void keepsTheHostsOfTenantsApart() {
    LandingPage page = LandingPage.of("/");

    Traffic other = channels.classify("other", page, page.utm(), "https://acme.shop/");

    assertThat(other.channel()).isEqualTo("referral");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "null", "about:blank", "google.com", "file:///C:/a.html", "/a"})
  void takesNoUsableReferrerForDirect(String referrer) {
    Traffic direct = new Traffic("direct", null, null, null, null, null);

    assertThat(visit("https://acme.test/", referrer)).isEqualTo(direct);
    assertThat(visit("https://acme.test/", null)).isEqualTo(direct);
  }

  @Test
  void prefersCampaignTagsToClickIdsAndReferrer() {
    Traffic traffic =
        visit(
            "https://acme.test/?gclid=x&utm_source=News+Letter&UTM_MEDIUM=email&utm_campaign=May%21",
            "https://www.google.com/");

    assertThat(traffic)
        .isEqualTo(new Traffic("campaign", "News Letter", "email", "May!", "search", "Google"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"utm_source", "utm_medium", "utm_campaign"})
  void needsOnlyOneOfTheThreeCampaignTags(String tag) {
    assertThat(visit("/?" + tag + "=x", null).channel()).isEqualTo("campaign");
    assertThat(visit("/?" + tag + "=", null).channel()).isEqualTo("direct");
    assertThat(visit("/?" + tag + "=%20", null).channel()).isEqualTo("direct");
    assertThat(visit("/?utm_term=x&utm_content=y", null).channel()).isEqualTo("direct");
  }

  @ParameterizedTest
  @CsvSource({
    "gclid=1, campaign, google, paid",
    "gbraid=1, campaign, google, paid",
    "wbraid=1, campaign, google, paid",
    "msclkid=1, campaign, bing, paid",
    "ttclid=1, campaign, tiktok, paid",
    "li_fat_id=1, campaign, linkedin, paid",
    "twclid=1, campaign, twitter, paid",
    "ScCid=1, campaign, snapchat, paid",
    "fbclid=1, social, facebook, social",
    "fbclid=1&gclid=2, campaign, google, paid",
    "gclid=2&fbclid=1, campaign, google, paid",
    "mc_cid=1, email, mailchimp, email"
  })
  void knowsTheNetworkByItsClickId(String query, String channel, String source, String medium) {
    Traffic traffic = visit("https://acme.test/?" + query, "https://blog.example.org/");

    assertThat(traffic)
        .isEqualTo(new Traffic(channel, source, medium, null, "referral", "blog.example.org"));
  }

  @Test
  void ownHostsSurviveTheWayIntoAFlinkFunction() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(OWN);
    }
    OwnHosts copy =
        (OwnHosts)
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

    assertThat(copy.contains("acme", "www.acme.shop")).isTrue();
    assertThat(OwnHosts.none().contains("acme", "acme.shop")).isFalse();
    assertThat(OwnHosts.none().contains(null, "acme.shop")).isFalse();
  }

  @Test
  void refusesAListThatDoesNotSayWhatItMeans() {
    assertThatThrownBy(() -> list("serach,Google,google.com"))
        .hasMessage(
            "Cannot read line 1 of the referrer list: \"serach,Google,google.com\"; a line is"
                + " medium,source,domains and a medium one of [ai, email, referral, search,"
                + " social]");
    assertThatThrownBy(() -> list("search,A,a.com\nsearch,B,b.com a.com"))
        .hasMessage("Cannot read line 2 of the referrer list: a.com already belongs to A");
  }

  private static ReferrerRules list(String text) throws IOException {
    return ReferrerRules.read(new BufferedReader(new StringReader(text)));
  }
}
