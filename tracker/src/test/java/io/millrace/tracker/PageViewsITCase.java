package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages are counted, what an event says of them, and the ways to load the tracker. */
class PageViewsITCase {
  static final String UUID_V7 =
      "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  private static final String EAGER = "data-flush-interval-millis=50";

  @RegisterExtension static final Lab LAB = new Lab();

  @Test
  void countsEachPageOfAVisitWithWhatTheEventContractAsksFor() {
    LAB.page("/", "tracker.js", EAGER, "<a href='/two'>two</a>");
    LAB.page("/two", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    LAB.awaitStored("page_view", 1);

    page.click("a");

    LAB.awaitAllMadeAreStored(2);
    JsonNode first = viewOf("/");
    JsonNode second = viewOf("/two");
    assertThat(first.path("eventId").asText()).matches(UUID_V7);
    assertThat(first.path("visitorId").asText()).matches(UUID_V7);
    assertThat(first.path("sessionId").asText()).matches(UUID_V7);
    assertThat(Long.parseLong(first.path("eventId").asText().replace("-", "").substring(0, 12), 16))
        .isEqualTo(first.path("timestamp").asLong());
    assertThat(first.path("pageTitle").asText()).isEqualTo("Page /");
    assertThat(first.path("referrer").asText()).isEmpty();
    assertThat(first.path("screenResolution").asText()).matches("\\d+x\\d+");
    assertThat(first.path("viewport").asText()).isEqualTo("1280x720");
    assertThat(second.path("referrer").asText()).isEqualTo(LAB.site().url("/"));
    assertThat(second.path("visitorId")).isEqualTo(first.path("visitorId"));
    assertThat(second.path("sessionId")).isEqualTo(first.path("sessionId"));
    assertThat(second.path("sequence").asInt()).isEqualTo(2);
  }

  @Test
  void countsThePagesOfASinglePageApplication() {
    LAB.page("/", "tracker.js", EAGER, "");
    Page page = LAB.open("/");

    page.evaluate(
        "() => { history.pushState({}, '', '/redirect'); history.replaceState({}, '', '/a');"
            + " document.title = 'A'; }");
    LAB.awaitStored("page_view", 2);
    page.evaluate("() => history.replaceState({ scroll: 1 }, '', '/a')");
    page.evaluate("() => history.replaceState({}, '', '/a#part')");
    page.evaluate("() => { history.replaceState({}, '', '/a?tab=2'); }");
    LAB.awaitStored("page_view", 3);
    page.evaluate("() => { location.hash = '#/route'; }");
    LAB.awaitStored("page_view", 4);
    page.goBack();

    LAB.awaitAllMadeAreStored(5);
    List<JsonNode> views = inOrder(LAB.stored());
    assertThat(views.stream().map(v -> path(v, "pageUrl")))
        .containsExactly("/", "/a", "/a?tab=2", "/a?tab=2#/route", "/a?tab=2");
    assertThat(views.stream().skip(1).map(v -> path(v, "referrer")))
        .containsExactly("/redirect", "/a", "/a?tab=2", "/a?tab=2#/route");
    assertThat(views.get(1).path("pageTitle").asText()).isEqualTo("A");
  }

  @Test
  void readsCampaignTagsAndClickIds() {
    LAB.page("/", "tracker.js", EAGER, "");

    LAB.open(
        "/?utm_source=news%20letter&utm_medium=email&x=1&utm_campaign=May&utm_content=b&gclid=A-b_1");

    JsonNode view = LAB.awaitStored("page_view", 1).get(0);
    assertThat(view.path("utmSource").asText()).isEqualTo("news letter");
    assertThat(view.path("utmMedium").asText()).isEqualTo("email");
    assertThat(view.path("utmCampaign").asText()).isEqualTo("May");
    assertThat(view.path("utmContent").asText()).isEqualTo("b");
    assertThat(view.has("utmTerm")).isFalse();
    assertThat(view.path("clickIdType").asText()).isEqualTo("gclid");
    assertThat(view.path("clickId").asText()).isEqualTo("A-b_1");
  }

  @Test
  void knowsTheClickIdsThatTheDomainKnows() {
    List<String> names =
        List.of(
            "gclid",
            "gbraid",
            "wbraid",
            "dclid",
            "msclkid",
            "ttclid",
            "li_fat_id",
            "twclid",
            "sccid",
            "rdt_cid",
            "epik",
            "qclid",
            "yclid",
            "fbclid",
            "igsh",
            "mc_cid");

    assertThat(campaigns(names.stream().map(name -> "?a=b&" + name + "=v1").toList()))
        .isEqualTo(
            names.stream().map(name -> Map.of("clickIdType", name, "clickId", "v1")).toList());
  }

  @Test
  void takesNothingElseForAClickId() {
    List<String> queries = List.of("?cid=1", "?pid=2&id=3", "?gclid=", "#gclid=1", "");

    assertThat(campaigns(queries)).containsOnly(Map.of());
  }

  /** What the tracker reads from addresses with these ends. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> campaigns(List<String> ends) {
    LAB.site().page("/unit", "<title>Unit</title>");
    return (List<Map<String, String>>)
        LAB.open("/unit")
            .evaluate(
                "async (ends) => { const { campaign } = await import('/lib/page.js');"
                    + " return ends.map(end => campaign('https://x.example/' + end)); }",
                ends);
  }

  @Test
  void makesUpForCallsThatCameBeforeTheScript() {
    LAB.site()
        .page(
            "/",
            "<script>(window.millrace ??= []).push(['identify', 'user-7'], ['track', 'signup', { plan: 'pro' }, "
                + "{ entityType: 'product', entityId: 'p1', revenueCents: 1999, currency: 'EUR' }])</script>"
                + "<script defer src='/tracker.js' data-require-consent=false data-key='"
                + LAB.key()
                + "' data-flush-interval-millis=50 data-properties='{\"site\":\"shop\"}'></script>");

    LAB.open("/");

    JsonNode event = LAB.awaitStored("signup", 1).get(0);
    assertThat(event.path("userId").asText()).isEqualTo("user-7");
    assertThat(event.at("/properties/plan").asText()).isEqualTo("pro");
    assertThat(event.at("/properties/site").asText()).isEqualTo("shop");
    assertThat(event.path("entityId").asText()).isEqualTo("p1");
    assertThat(event.path("revenueCents").asInt()).isEqualTo(1999);
  }

  @ParameterizedTest
  @CsvSource({"/tracker.mjs, /tracker.mjs", "/lib/index.js, /lib/modules/index.js"})
  void loadsAsAModuleMinifiedAndAsThePackageHasIt(String tracker, String modules) {
    LAB.site()
        .page(
            "/",
            "<script type=module>import { createTracker } from '%s'; import { scroll } from '%s';"
                    .formatted(tracker, modules)
                + "createTracker({ key: '%s', requireConsent: false, flushIntervalMillis: 50, modules: [scroll()] })"
                    .formatted(LAB.key())
                + ".track('from_module')</script>");

    LAB.open("/");

    LAB.awaitAllMadeAreStored(2);
    assertThat(LAB.stored("from_module")).hasSize(1);
  }

  @Test
  void saysWhatIsWrongWhenItHasNoKey() {
    LAB.site().page("/", "<script src=/tracker.js></script>");
    Page page = LAB.context().newPage();
    StringBuilder errors = new StringBuilder();
    page.onPageError(errors::append);

    page.navigate(LAB.site().url("/"));

    page.waitForCondition(() -> errors.length() > 0);
    assertThat(errors.toString()).contains("Tracker not started: key is missing; give a write key");
  }

  @Test
  void givesReactComponentsOneTracker() {
    LAB.site()
        .page(
            "/",
            """
            <script src="/webjars/react/18.3.1/umd/react.production.min.js"></script>
            <script src="/webjars/react-dom/18.3.1/umd/react-dom.production.min.js"></script>
            <script type="importmap">{"imports": {
              "@millrace/tracker": "/lib/index.js",
              "react": "data:text/javascript,export const { createContext, createElement, useContext, useEffect, useMemo, useRef } = window.React"
            }}</script>
            <div id="root"></div>
            <script type="module">
              import { TrackerProvider, useTracker } from '/react/index.js';
              const h = React.createElement;
              function Button() {
                const { track } = useTracker();
                React.useEffect(() => track('shown'), []);
                return h('button', { onClick: () => track('pressed', { by: 'react' }) }, 'Press');
              }
              const options = { key: '%s', requireConsent: false, flushIntervalMillis: 50 };
              const app = () => h(React.StrictMode, {}, h(TrackerProvider, { options }, h(Button)));
              const root = ReactDOM.createRoot(document.getElementById('root'));
              root.render(app());
              window.remount = () => { root.render(null); setTimeout(() => root.render(app())); };
              window.outside = () => new Promise((told) => {
                class Catch extends React.Component {
                  componentDidCatch(error) { told(error.message); }
                  static getDerivedStateFromError() { return { failed: true }; }
                  render() { return this.state?.failed ? null : h(Button); }
                }
                root.render(h(Catch));
              });
            </script>
            """
                .formatted(LAB.key()));
    Page page = LAB.open("/");
    page.click("button");
    LAB.awaitStored("pressed", 1);
    page.evaluate("() => remount()");
    LAB.awaitStored("shown", 2);
    page.click("button");

    LAB.awaitStored("pressed", 2);
    assertThat(LAB.stored("page_view")).hasSize(1);
    assertThat(LAB.stored("shown")).hasSize(2);
    assertThat(page.evaluate("() => outside()"))
        .isEqualTo(
            "useTracker is called outside of a TrackerProvider; put one around this component");
  }

  private static JsonNode viewOf(String path) {
    return LAB.stored("page_view").stream()
        .filter(view -> path(view, "pageUrl").equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static String path(JsonNode event, String field) {
    return event.path(field).asText().replace(LAB.site().url(""), "");
  }

  private static List<JsonNode> inOrder(List<JsonNode> events) {
    return events.stream()
        .sorted(java.util.Comparator.comparingInt(event -> event.path("sequence").asInt()))
        .toList();
  }
}
