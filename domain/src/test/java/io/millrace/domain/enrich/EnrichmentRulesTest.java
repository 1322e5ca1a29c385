package io.millrace.domain.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EnrichmentRulesTest {
  private static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/130.0.0.0 Safari/537.36";

  private final EnrichmentRules rules = new EnrichmentRules(OwnHosts.none());

  @Test
  void fillsWhatAnEventImplies() {
    Event event = new Event();
    event.tenant = "acme";
    event.pageUrl =
        "https://acme.test/caf%C3%A9?utm_source=x&utm_medium=y&utm_campaign=z&utm_term=t&utm_content=c#d";
    event.referrer = "https://www.google.de/";
    event.userAgent = CHROME;

    rules.enrich(event);

    assertThat(event.pagePath).isEqualTo("/caf%C3%A9");
    assertThat(List.of(event.utmSource, event.utmMedium, event.utmCampaign))
        .containsExactly("x", "y", "z");
    assertThat(List.of(event.utmTerm, event.utmContent)).containsExactly("t", "c");
    assertThat(List.of(event.referrerMedium, event.referrerSource))
        .containsExactly("search", "Google");
    assertThat(List.of(event.channel, event.trafficSource)).containsExactly("campaign", "x");
    assertThat(List.of(event.trafficMedium, event.trafficCampaign)).containsExactly("y", "z");
    assertThat(List.of(event.browser, event.browserVersion, event.os, event.deviceType))
        .containsExactly("Chrome", "130", "Windows NT", "desktop");
    assertThat(event.bot).isFalse();
    assertThat(event.botReason).isNull();
  }

  @Test
  void keepsWhatTheSenderSaysOfThePage() {
    Event event = new Event();
    event.pageUrl = "https://acme.test/a?utm_source=url";
    event.pagePath = "/product/:id";
    event.utmSource = "sender";

    rules.enrich(event);

    assertThat(event.pagePath).isEqualTo("/product/:id");
    assertThat(event.utmSource).isEqualTo("sender");
    assertThat(event.trafficSource).isEqualTo("sender");
    assertThat(event.channel).isEqualTo("campaign");
  }

  @Test
  void believesTheUserAgentMoreThanTheSender() {
    Event event = new Event();
    event.userAgent = CHROME;
    event.browser = "Netscape";
    event.browserVersion = "4";
    event.os = "BeOS";
    event.deviceType = "tv";

    rules.enrich(event);

    assertThat(List.of(event.browser, event.browserVersion, event.os, event.deviceType))
        .containsExactly("Chrome", "130", "Windows NT", "desktop");
  }

  @Test
  void keepsTheSendersClaimsWhereTheUserAgentSaysNothing() {
    Event event = new Event();
    event.browser = "Acme app";
    event.browserVersion = "7.1";
    event.os = "iOS";
    event.deviceType = "tablet";
    event.country = "SE";

    rules.enrich(event);

    assertThat(List.of(event.browser, event.browserVersion, event.os, event.deviceType))
        .containsExactly("Acme app", "7.1", "iOS", "tablet");
    assertThat(event.country).isEqualTo("SE");
    assertThat(event.bot).isTrue();
    assertThat(event.botReason).isEqualTo("user_agent:empty");
  }

  @Test
  void leavesAnEventWithoutAPageWithoutAPath() {
    Event event = new Event();
    Event blank = new Event();
    blank.pageUrl = " ";

    rules.enrich(event);
    rules.enrich(blank);

    assertThat(event.pagePath).isNull();
    assertThat(blank.pagePath).isNull();
    assertThat(event.channel).isEqualTo("direct");
  }

  @Property(tries = 500)
  void takesAnyTextAndChangesNothingTheSecondTime(@ForAll("events") Event event)
      throws IllegalAccessException {
    rules.enrich(event);
    Map<String, Object> once = values(event);

    rules.enrich(event);

    assertThat(values(event)).isEqualTo(once);
    assertThat(event.channel).isNotNull();
    assertThat(event.bot).isEqualTo(event.botReason != null);
    assertThat(event.pagePath == null || !event.pagePath.isEmpty()).isTrue();
  }

  @Provide
  Arbitrary<Event> events() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "http",
            "https",
            "://",
            "//",
            "/",
            "?",
            "#",
            "&",
            "=",
            "%",
            "%4",
            "%41",
            "%00",
            "+",
            "utm_source",
            "utm_medium",
            "gclid",
            "@",
            ":",
            "[",
            "]",
            ".",
            "google",
            "com",
            "co.uk",
            "android-app",
            "Mozilla/5.0 ",
            "(",
            ")",
            ";",
            " ",
            "bot",
            "\\",
            "\"",
            "\0",
            "\uD800",
            "xn--",
            "ü",
            "。",
            "-",
            "{",
            "<",
            "/1.0");
    Arbitrary<String> text =
        Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(200),
                pieces.list().ofMaxSize(60).map(list -> String.join("", list)))
            .injectNull(0.05);
    // One list of texts, dealt out to every text field.
    return text.list()
        .ofSize(8)
        .map(
            texts -> {
              Event event = new Event();
              int next = 0;
              for (Field field : Event.class.getFields()) {
                if (field.getType().equals(String.class)) {
                  set(event, field, texts.get(next++ % texts.size()));
                }
              }
              // Otherwise the path and the tags would never be read from the URL.
              event.pagePath = null;
              event.utmSource = null;
              return event;
            });
  }

  private static void set(Event event, Field field, String value) {
    try {
      field.set(event, value);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> values(Event event) throws IllegalAccessException {
    Map<String, Object> values = new HashMap<>();
    for (Field field : Event.class.getFields()) {
      values.put(field.getName(), field.get(event));
    }
    return values;
  }
}
