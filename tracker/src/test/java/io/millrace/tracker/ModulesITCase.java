package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the modules of the full script make of what a visitor does. */
class ModulesITCase {
  private static final String EAGER = "data-flush-interval-millis=50 ";

  @RegisterExtension static final Lab LAB = new Lab();

  @Test
  void tellsEachMilestoneOfScrollingOncePerPage() {
    LAB.page("/", "tracker.full.js", EAGER + "data-modules=scroll", "<div style='height:7200px'>");
    Page page = LAB.open("/");

    scrollTo(page, 1200); // (1200 + 720) / 7200 = 26 %
    LAB.awaitStored("scroll_depth", 1);
    scrollTo(page, 0);
    scrollTo(page, 4800); // 76 %
    LAB.awaitStored("scroll_depth", 3);
    scrollTo(page, 99999);
    LAB.awaitStored("scroll_depth", 5);
    page.evaluate("() => history.pushState({}, '', '/again')");
    LAB.awaitStored("page_view", 2);
    scrollTo(page, 1200);

    List<JsonNode> events = LAB.awaitStored("scroll_depth", 6);
    assertThat(events.stream().map(e -> e.at("/properties/depth").asInt()))
        .containsExactlyInAnyOrder(25, 25, 50, 75, 90, 100);
    assertThat(events.stream().filter(e -> e.path("pageUrl").asText().endsWith("/again")))
        .hasSize(1);
    LAB.awaitAllMadeAreStored(8);
  }

  @Test
  void recordsClicksOnMarkedElementsWithTheirAttributes() {
    LAB.page(
        "/",
        "tracker.full.js",
        EAGER + "data-modules=clicks",
        """
        <button data-track="affiliate_click" data-track-platform="shop" data-track-position="hero"
          data-track-entity-type="product" data-track-entity-id="p7"><b>Buy</b></button>
        <i data-track>plain</i> <u>unmarked</u>
        <a href="https://other.example/x?y=1" onclick="event.preventDefault()">out</a>
        <a id=in href="#here">in</a>
        """);
    Page page = LAB.open("/");

    page.click("b");
    page.click("i");
    page.click("u");
    page.click("a");
    page.click("#in");

    LAB.awaitAllMadeAreStored(4);
    JsonNode bought = LAB.stored("affiliate_click").get(0);
    assertThat(bought.path("entityType").asText()).isEqualTo("product");
    assertThat(bought.path("entityId").asText()).isEqualTo("p7");
    assertThat(bought.path("properties").toString())
        .isEqualTo("{\"platform\":\"shop\",\"position\":\"hero\"}");
    assertThat(LAB.stored("click")).hasSize(1);
    assertThat(LAB.stored("outbound_click").get(0).at("/properties/href").asText())
        .isEqualTo("https://other.example/x?y=1");
  }

  @Test
  void losesNoClickThatLeadsAway() {
    LAB.page(
        "/",
        "tracker.full.js",
        "data-flush-interval-millis=3600000 data-modules=clicks",
        "<a href=/plain data-track=link_click>go</a>");
    Page page = LAB.open("/");

    page.click("a");

    assertThat(LAB.awaitStored("link_click", 1).get(0).at("/properties/href").asText())
        .isEqualTo(LAB.site().url("/plain"));
    LAB.awaitAllMadeAreStored(2);
  }

  @Test
  void recordsFormsBegunSentAndLeftButNothingThatIsTyped() {
    LAB.page(
        "/",
        "tracker.full.js",
        EAGER + "data-modules=forms",
        """
        <form id=signup action=/done data-track-plan=pro><input name=email><button>Go</button></form>
        <form name=search onsubmit="return false"><input name=q></form>
        """);
    LAB.page("/done", "tracker.full.js", EAGER + "data-modules=forms", "");
    Page page = LAB.open("/");

    page.fill("[name=q]", "secret question");
    page.fill("[name=email]", "secret@example.org");
    page.click("button");
    page.waitForURL("**/done?*");

    LAB.awaitAllMadeAreStored(6);
    assertThat(LAB.stored("form_start"))
        .extracting(e -> e.at("/properties/field").asText())
        .containsExactlyInAnyOrder("email", "q");
    assertThat(LAB.stored("form_submit").get(0).path("properties").toString())
        .isEqualTo("{\"formId\":\"signup\",\"action\":\"/done\",\"plan\":\"pro\"}");
    assertThat(LAB.stored("form_abandon").get(0).path("properties").toString())
        .isEqualTo("{\"formName\":\"search\",\"action\":\"/\",\"field\":\"q\"}");
    assertThat(
            LAB.stored().stream()
                .filter(e -> !e.path("eventType").asText().equals("page_view"))
                .toList()
                .toString())
        .doesNotContain("secret");
  }

  @Test
  void recordsErrorsOnceAndAtMostTenOfAPage() {
    LAB.page("/", "tracker.full.js", EAGER + "data-modules=errors", "");
    Page page = LAB.open("/");

    page.evaluate(
        "() => { const fail = (what) => setTimeout(() => { throw new TypeError(what); });"
            + " fail('same'); fail('same'); Promise.reject(new Error('async')); Promise.reject('text'); }");
    List<JsonNode> errors = LAB.awaitStored("error", 3);
    page.evaluate("() => { for (let i = 0; i < 30; i++) Promise.reject('r' + i); }");

    LAB.awaitAllMadeAreStored(11);
    assertThat(errors)
        .extracting(
            e -> e.at("/properties/kind").asText() + ' ' + e.at("/properties/message").asText())
        .containsExactlyInAnyOrder("error same", "rejection async", "rejection text");
    JsonNode thrown =
        errors.stream()
            .filter(e -> e.at("/properties/kind").asText().equals("error"))
            .findFirst()
            .orElseThrow();
    assertThat(thrown.at("/properties/name").asText()).isEqualTo("TypeError");
    assertThat(thrown.at("/properties/line").asInt()).isPositive();
    assertThat(thrown.at("/properties/stack").asText()).contains("TypeError: same");
  }

  @Test
  void measuresTheWebVitalsOfAPage() {
    LAB.page(
        "/",
        "tracker.full.js",
        EAGER + "data-modules=vitals",
        """
        <h1>Large text that is painted</h1><button>Press</button><p>moved</p>
        <script>
          document.querySelector('button').onclick = () => {
            const end = performance.now() + 120;
            while (performance.now() < end);
          };
          const shift = () => {
            const box = document.createElement('div');
            box.style.height = '300px';
            document.body.prepend(box);
          };
          requestAnimationFrame(() => requestAnimationFrame(shift));
        </script>
        """);
    Page page = LAB.open("/");
    awaitEntry(page, "layout-shift");
    awaitEntry(page, "largest-contentful-paint");

    page.click("button");
    awaitEntry(page, "event");
    page.navigate(LAB.site().url("/plain"));

    JsonNode vitals = LAB.awaitStored("web_vitals", 1).get(0).path("properties");
    assertThat(vitals.path("lcp").asInt()).isPositive();
    assertThat(vitals.path("fcp").asInt())
        .isPositive()
        .isLessThanOrEqualTo(vitals.path("lcp").asInt());
    assertThat(vitals.path("cls").asDouble()).isBetween(0.01, 1.0);
    assertThat(vitals.path("inp").asInt()).isBetween(100, 5000);
    assertThat(vitals.path("ttfb").asInt()).isNotNegative();
    assertThat(vitals.path("loadTime").asInt()).isPositive();
  }

  /** The observers of the browser report late; the page under test has seen what this one sees. */
  private static void awaitEntry(Page page, String type) {
    page.evaluate(
        "type => new Promise(seen => new PerformanceObserver(seen)"
            + ".observe({ type, buffered: true, durationThreshold: 16 }))",
        type);
  }

  @Test
  void sumsUpTheTimeThatAPageIsInUse() {
    LAB.context().clock().install();
    LAB.page("/", "tracker.full.js", EAGER + "data-modules=engagement", "");
    Page page = LAB.open("/");

    page.clock().runFor(29_000); // in use for as long as 30 s after the last sign of life
    page.mouse().move(10, 10);
    page.clock().runFor(120_000);
    page.clock().resume();
    page.evaluate("() => millrace.flush()");
    await().until(() -> LAB.stored("heartbeat").size() >= 2);
    page.navigate(LAB.site().url("/plain"));

    JsonNode exit = LAB.awaitStored("page_exit", 1).get(0);
    // The clock that runs ahead also ends requests early, so some events are sent twice.
    Map<String, Long> engagedMillis =
        LAB.stored().stream()
            .collect(
                Collectors.toMap(
                    e -> e.path("eventId").asText(),
                    e -> e.at("/properties/engagementMs").asLong(),
                    (first, second) -> first));
    assertThat(engagedMillis.values().stream().mapToLong(Long::longValue).sum())
        .isBetween(59_000L, 62_000L);
    assertThat(exit.at("/properties/timeOnPageMs").asLong()).isBetween(149_000L, 180_000L);
  }

  @Test
  void startsAllModulesUnlessSomeAreNamedAndRefusesUnknownOnes() {
    LAB.page("/", "tracker.full.js", EAGER, "<p data-track=all_on>x</p>");
    LAB.page("/wrong", "tracker.full.js", EAGER + "data-modules=scroll,speed", "");
    Page page = LAB.open("/");
    page.click("p");
    page.evaluate("() => { Promise.reject('caught'); }");
    LAB.awaitStored("all_on", 1);
    LAB.awaitStored("error", 1);
    StringBuilder errors = new StringBuilder();
    page.onPageError(errors::append);

    page.navigate(LAB.site().url("/wrong"));

    page.waitForCondition(() -> errors.length() > 0);
    assertThat(errors.toString())
        .contains(
            "Cannot start the tracker: data-modules names \"speed\"; give some of"
                + " clicks, engagement, errors, forms, scroll, vitals");
  }

  private static void scrollTo(Page page, int y) {
    page.evaluate("y => scrollTo(0, y)", y);
  }
}
