package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The queue in the browser's storage: shared by tabs, full, blocked, too long. */
class StorageITCase {
  /** Sends only when a batch is full, or the page is left. */
  private static final String PATIENT = "data-flush-interval-millis=3600000";

  private static final String EAGER = "data-flush-interval-millis=50";

  @RegisterExtension static final Lab LAB = new Lab();

  @Test
  void twoTabsShareTheQueueAndLoseNothing() {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.site().line(TestSite.CUT);
    List<Page> tabs = List.of(LAB.open("/"), LAB.open("/"));
    tabs.forEach(tab -> trackSlowly(tab, "tab", 100));

    LAB.site().line(TestSite.OPEN);

    List<JsonNode> stored = LAB.awaitAllMadeAreStored(202);
    LAB.awaitQueueIsEmpty();
    assertThat(stored.stream().map(e -> e.path("visitorId").asText()).distinct()).hasSize(1);
    assertThat(stored.stream().map(e -> e.path("sessionId").asText()).distinct()).hasSize(2);
  }

  @Test
  void twoTabsLoseNothingWhereThereAreNoLocks() {
    LAB.context().addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
    LAB.page("/", "tracker.js", EAGER, "");
    List<Page> tabs = List.of(LAB.open("/"), LAB.open("/"));

    tabs.forEach(tab -> trackSlowly(tab, "tab", 100));

    LAB.awaitAllMadeAreStored(202);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void aTabSendsWhatAClosedOneLeftBehind() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page first = LAB.open("/");
    Page second = LAB.open("/");
    LAB.site().line(TestSite.CUT);
    Lab.track(first, "orphan", 5);
    first.close(new Page.CloseOptions().setRunBeforeUnload(true));
    await().until(() -> !LAB.site().calls().isEmpty());

    LAB.site().line(TestSite.OPEN);
    Lab.track(second, "heir", 5);

    LAB.awaitAllMadeAreStored(12);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void keepsEventsInMemoryWhileTheStorageIsFull() {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.site().page("/fill", "<title>Full</title>");
    LAB.open("/fill")
        .evaluate(
            "() => { for (let size = 1 << 20, i = 0; size >= 1; i++) {"
                + " try { localStorage['fill' + i] = 'x'.repeat(size); } catch { size >>= 1; } } }");
    LAB.site().line(TestSite.CUT);
    Page page = LAB.open("/");
    Lab.track(page, "full", 20);
    await().until(() -> !LAB.site().calls().isEmpty());

    LAB.site().line(TestSite.OPEN);

    List<JsonNode> stored = LAB.awaitStored("full", 20);
    assertThat(LAB.localKeys("millrace.")).isEmpty();
    assertThat(page.evaluate("() => made"))
        .asInstanceOf(LIST)
        .hasSize(21)
        .containsAll(Lab.ids(stored));
  }

  @Test
  void worksWithoutStorageInASandboxedFrameOfAnotherOrigin() {
    LAB.page("/framed", "tracker.js", EAGER, "<script>millrace.track('framed')</script>");
    LAB.site().page("/", "<iframe sandbox=allow-scripts src=/framed></iframe>");

    LAB.open("/");

    List<JsonNode> stored = LAB.awaitStored("framed", 1);
    assertThat(LAB.awaitStored("page_view", 1)).hasSize(1);
    assertThat(stored.get(0).path("visitorId").asText()).matches(PageViewsITCase.UUID_V7);
    assertThat(LAB.localKeys("")).isEmpty();
  }

  @Test
  void dropsTheOldestEventsOfAQueueThatIsTooLongAndTellsHowMany() {
    LAB.page("/", "tracker.js", EAGER + " data-max-queue-chars=10000", "");
    LAB.site().line(TestSite.CUT);
    Page page = LAB.open("/");

    Lab.track(page, "much", 200);
    int kept = LAB.localKeys("millrace.queue.").size();
    LAB.site().line(TestSite.OPEN);

    LAB.awaitQueueIsEmpty();
    List<JsonNode> stored = LAB.stored();
    long dropped = stored.stream().mapToLong(e -> e.at("/properties/droppedEvents").asLong()).sum();
    assertThat(kept).isBetween(10, 60);
    assertThat(Lab.ids(stored)).hasSize(kept);
    assertThat(dropped).isEqualTo(201 - kept);
    assertThat(stored.stream().map(e -> e.at("/properties/n").asInt()).toList()).contains(199);
  }

  @Test
  void countsTheEventsOfASessionWithoutAGapOverItsPages() {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.page("/next", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    Lab.track(page, "a", 3);
    page.navigate(LAB.site().url("/next"));
    Lab.track(page, "b", 3);

    List<JsonNode> stored = LAB.awaitAllMadeAreStored(8);

    List<Integer> sequence = new ArrayList<>();
    stored.forEach(event -> sequence.add(event.path("sequence").asInt()));
    assertThat(sequence.stream().distinct()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(stored.stream().map(e -> e.path("sessionId").asText()).distinct()).hasSize(1);
  }

  /** Starts a stream of events, one every 2 ms, which goes on while the test does. */
  private static void trackSlowly(Page page, String type, int count) {
    page.evaluate(
        "([type, count]) => { let n = 0;"
            + " const timer = setInterval(() => ++n > count ? clearInterval(timer) : millrace.track(type, { n }), 2); }",
        List.of(type, count));
  }
}
