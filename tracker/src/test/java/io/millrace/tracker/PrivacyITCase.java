package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing leaves the browser, or is stored in it, that the visitor has not allowed. */
class PrivacyITCase {
  private static final String EAGER = "data-flush-interval-millis=50 ";
  private static final String ASKING = EAGER + "data-require-consent=true";

  @RegisterExtension static final Lab LAB = new Lab();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })",
        "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"
      })
  void leavesVisitorsAloneWhoSendDoNotTrackOrGlobalPrivacyControl(String signal) {
    LAB.context().addInitScript(signal);
    LAB.page("/", "tracker.full.js", EAGER, "");
    LAB.page("/ignoring", "tracker.full.js", EAGER + "data-respect-dnt=false", "");

    Page page = LAB.open("/");
    page.evaluate("() => { millrace.track('hidden'); return millrace.flush(); }");
    Object consented =
        page.evaluate("() => { millrace.consent({ analytics: true }); return millrace.flush(); }");
    List<String> stored = LAB.localKeys("millrace.");
    List<TestSite.Call> calls = LAB.site().calls();
    LAB.open("/ignoring");

    assertThat(consented).isNull();
    assertThat(calls).isEmpty();
    assertThat(stored).containsExactly("consent");
    assertThat(LAB.awaitStored("page_view", 1).get(0).path("pageUrl").asText())
        .contains("/ignoring");
    assertThat(LAB.stored("hidden")).isEmpty();
  }

  @Test
  void holdsEventsInMemoryUntilTheVisitorAgreesAndThenSendsThem() {
    LAB.page("/", "tracker.js", ASKING, "");
    Page page = LAB.open("/");
    page.evaluate("() => { millrace.track('before'); return millrace.flush(); }");
    List<String> storedBefore = LAB.localKeys("");
    Object sessionBefore = page.evaluate("() => sessionStorage.length");
    int callsBefore = LAB.site().calls().size();

    page.evaluate("() => millrace.consent({ analytics: true, marketing: false })");

    List<JsonNode> events = LAB.awaitAllMadeAreStored(2);
    assertThat(storedBefore).isEmpty();
    assertThat(sessionBefore).isEqualTo(0);
    assertThat(callsBefore).isZero();
    assertThat(events)
        .extracting(e -> e.path("eventType").asText())
        .contains("page_view", "before");
    assertThat(events)
        .allSatisfy(e -> assertThat(e.path("consent").asText()).isEqualTo("analytics"));
  }

  @Test
  void holdsAtMostAHundredEventsForAVisitorWhoDoesNotDecide() {
    LAB.page("/", "tracker.js", ASKING, "");
    Page page = LAB.open("/");

    page.evaluate("() => { for (let n = 0; n < 300; n++) millrace.track('undecided', { n }); }");
    page.evaluate("() => millrace.consent({ analytics: true })");

    assertThat(LAB.awaitAllMadeAreStored(100))
        .extracting(e -> e.path("eventType").asText())
        .contains("page_view");
  }

  @Test
  void forgetsEverythingWhenTheVisitorRefuses() {
    LAB.page("/", "tracker.js", ASKING, "");
    Page page = LAB.open("/");
    page.evaluate("() => { millrace.track('before'); millrace.consent({ analytics: false }); }");

    page.evaluate("() => { millrace.track('after'); return millrace.flush(); }");
    page.reload();
    page.evaluate("() => { millrace.track('later'); return millrace.flush(); }");

    assertThat(LAB.site().calls()).isEmpty();
    assertThat(LAB.localKeys("")).containsExactly("millrace.consent");
    assertThat(page.evaluate("() => sessionStorage.length")).isEqualTo(0);
    assertThat(page.evaluate("() => millrace.consent()")).isEqualTo(Map.of("analytics", false));
  }

  @Test
  void clearsTheBrowserWhenConsentIsWithdrawnAndBeginsAnewWhenItIsGivenAgain() {
    LAB.page("/", "tracker.js", ASKING, "");
    Page page = LAB.open("/");
    page.evaluate("() => millrace.consent({ analytics: true, marketing: true })");
    JsonNode first = LAB.awaitStored("page_view", 1).get(0);
    LAB.awaitQueueIsEmpty();
    LAB.site().line(TestSite.CUT);
    page.evaluate("() => millrace.track('queued')");
    await().until(() -> !LAB.localKeys("millrace.queue.").isEmpty());

    page.evaluate("() => millrace.consent({ analytics: false })");
    List<String> kept = LAB.localKeys("millrace.");
    LAB.site().line(TestSite.OPEN);
    page.evaluate("() => { millrace.consent({ analytics: true }); millrace.track('again'); }");

    JsonNode again = LAB.awaitStored("again", 1).get(0);
    assertThat(kept).containsExactly("consent");
    assertThat(LAB.stored("queued")).isEmpty();
    assertThat(first.path("consent").asText()).isEqualTo("analytics,marketing");
    assertThat(again.path("visitorId")).isNotEqualTo(first.path("visitorId"));
    assertThat(again.path("sessionId")).isNotEqualTo(first.path("sessionId"));
    assertThat(again.path("sequence").asInt()).isEqualTo(1);
  }

  @Test
  void takesAChangeOfConsentFromABannersEventAndFromAnotherTab() {
    LAB.page("/", "tracker.js", ASKING, "");
    LAB.open("/");
    Page banner = LAB.open("/");

    banner.evaluate(
        "() => { dispatchEvent(new CustomEvent('millrace:consent', { detail: { analytics: true } })); }");

    assertThat(LAB.awaitAllMadeAreStored(2))
        .extracting(e -> e.path("eventType").asText())
        .containsOnly("page_view");
  }

  @Test
  void needsNoConsentWhereTheSiteSaysSoButObeysARefusal() {
    LAB.page("/", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    JsonNode view = LAB.awaitStored("page_view", 1).get(0);

    page.evaluate("() => { millrace.consent({ analytics: false }); millrace.track('refused'); }");
    page.evaluate("() => millrace.flush()");

    assertThat(view.path("consent").isNull()).isTrue();
    assertThat(LAB.stored()).hasSize(1);
    assertThat(LAB.localKeys("millrace.")).containsExactly("consent");
  }

  /** The end of the visitor's id, as a part of 2^32, decides. */
  @ParameterizedTest(name = "visitor ...{0} at rate {1}")
  @CsvSource({
    "00000000, 0, -1",
    "ffffffff, 1, 0",
    "00000000, 0.25, 4",
    "3fffffff, 0.25, 4",
    "40000000, 0.25, -1",
    "ffffffff, 0.25, -1",
    "7fffffff, 0.5, 2"
  })
  void tracksAVisitorAlwaysOrNeverAndNotesForHowManyItStands(String end, String rate, int weight) {
    LAB.page("/", "tracker.js", EAGER + "data-sample-rate=" + rate, "");
    LAB.context()
        .addInitScript(
            "localStorage['millrace.visitor'] = '01900000-0000-7000-8000-0000" + end + "'");
    Page page = LAB.open("/");

    page.evaluate("() => { millrace.track('sampled'); return millrace.flush(); }");

    if (weight < 0) {
      assertThat(LAB.site().calls()).isEmpty();
      assertThat(LAB.localKeys("millrace.queue.")).isEmpty();
    } else {
      assertThat(LAB.awaitAllMadeAreStored(2))
          .allSatisfy(e -> assertThat(e.at("/properties/sampleWeight").asInt()).isEqualTo(weight));
    }
  }

  @Test
  void drawsAFairSampleOfNewVisitors() {
    LAB.site().page("/unit", "<title>Unit</title>");

    Object drawn =
        LAB.open("/unit")
            .evaluate(
                "async () => { const { uuidv7, share } = await import('/lib/ids.js');"
                    + " return Array.from({ length: 20000 }, () => share(uuidv7(Date.now()))).filter(s => s < 0.1).length; }");

    // Five standard deviations of a binomial distribution.
    assertThat((int) drawn).isBetween(2000 - 212, 2000 + 212);
  }

  @ParameterizedTest
  @CsvSource({
    "https://collect.example.com/v1/collect, false, 0",
    "https://collect.example.com/v1/collect, true, 1",
    "http://127.0.0.1:9/v1/collect, false, 1",
    "http://localhost:9/v1/collect, false, 1"
  })
  void sendsNothingFromADevelopersMachineToAGatewayElsewhere(
      String endpoint, boolean trackLocalhost, int requests) {
    LAB.page(
        "/",
        "tracker.js",
        EAGER + "data-endpoint=" + endpoint + " data-track-localhost=" + trackLocalhost,
        "");
    AtomicInteger seen = new AtomicInteger();
    LAB.context()
        .route(
            url -> url.startsWith(endpoint),
            route -> {
              seen.incrementAndGet();
              route.abort();
            });
    Page page = LAB.open("/");

    page.evaluate("() => millrace.flush()");

    assertThat(Math.min(1, seen.get())).isEqualTo(requests);
    assertThat(LAB.localKeys("millrace.queue.")).hasSize(requests);
  }
}
