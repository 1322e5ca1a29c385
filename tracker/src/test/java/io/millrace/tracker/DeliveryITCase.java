package io.millrace.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches Kafka is what the page has made, whatever happens in between. */
class DeliveryITCase {
  /** Sends only when a batch is full, or the page is left. */
  private static final String PATIENT = "data-flush-interval-millis=3600000";

  private static final String EAGER = "data-flush-interval-millis=50";

  @RegisterExtension static final Lab LAB = new Lab();

  @Test
  void sendsAFullBatchAtOnceAndKeepsNothing() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");

    Lab.track(page, "a", 9);

    LAB.awaitAllMadeAreStored(10);
    LAB.awaitQueueIsEmpty();
    TestSite.Call call = LAB.site().calls().get(0);
    assertThat(call.query()).isEqualTo("key=" + LAB.key());
    assertThat(call.contentType()).isEqualTo("text/plain;charset=UTF-8");
    assertThat(call.body().at("/metadata/sdkVersion").asText()).isEqualTo("0.1.0");
    assertThat(call.body().at("/metadata/sentAt").asLong())
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
  }

  @Test
  void sendsWhatIsLeftAfterTheFlushInterval() {
    LAB.page("/", "tracker.js", EAGER, "");

    LAB.open("/");

    LAB.awaitAllMadeAreStored(1);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void sendsTheLastEventsWhenItsTabIsClosed() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");
    Lab.track(page, "last", 3);
    assertThat(LAB.site().calls()).isEmpty();

    page.close(new Page.CloseOptions().setRunBeforeUnload(true));

    await().untilAsserted(() -> assertThat(LAB.stored()).hasSize(4));
    assertThat(Lab.ids(LAB.stored())).isEqualTo(LAB.made());
  }

  @Test
  void sendsByBeaconWhereFetchCannotOutliveThePageAndAgainLater() {
    LAB.context().addInitScript("delete Request.prototype.keepalive");
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");
    Lab.track(page, "last", 3);

    page.close(new Page.CloseOptions().setRunBeforeUnload(true));
    await().until(() -> LAB.stored().size() == 4);
    List<String> queued = LAB.localKeys("millrace.queue.");
    LAB.page("/next", "tracker.js", EAGER, "");
    LAB.open("/next");

    assertThat(queued).hasSize(4); // a beacon has no answer
    LAB.awaitQueueIsEmpty();
    LAB.awaitAllMadeAreStored(5);
    assertThat(LAB.copies()).hasSize(9);
  }

  @Test
  void waitsWhileOfflineAndSendsWhenTheNetworkIsBack() {
    LAB.page("/", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    LAB.awaitStored("page_view", 1);

    LAB.context().setOffline(true);
    Lab.track(page, "offline", 25);
    page.waitForCondition(() -> failures(page) > 0);
    LAB.context().setOffline(false);

    LAB.awaitAllMadeAreStored(26);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void deliversADayOfEventsThatWereMadeOfflineWithTheTimesThatTheyHappened() {
    LAB.page("/", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    LAB.awaitStored("page_view", 1);
    long dayMillis = 24 * 3600 * 1000L;

    LAB.context().setOffline(true);
    page.evaluate(
        "day => { const now = Date.now; const start = now(); let i = 0;"
            + "for (; i < 500; i++) { Date.now = () => start + i * day / 500; millrace.track('day', { i }); }"
            + "Date.now = () => start + day; }",
        (double) dayMillis);
    LAB.context().setOffline(false);

    List<JsonNode> stored = LAB.awaitAllMadeAreStored(501);
    List<Long> times =
        stored.stream()
            .filter(event -> event.path("eventType").asText().equals("day"))
            .map(event -> event.path("timestamp").asLong())
            .sorted()
            .toList();
    assertThat(times.get(499) - times.get(0)).isBetween(dayMillis * 499 / 500 - 1, dayMillis);
    assertThat(
            LAB.site()
                .calls()
                .get(LAB.site().calls().size() - 1)
                .body()
                .at("/metadata/sentAt")
                .asLong())
        .isGreaterThanOrEqualTo(times.get(499));
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void keepsEventsOfATabThatWasClosedOfflineForTheNextPage() {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.site().line(TestSite.CUT);
    Page page = LAB.open("/");
    Lab.track(page, "offline", 4);
    page.close(new Page.CloseOptions().setRunBeforeUnload(true));
    await().until(() -> LAB.localKeys("millrace.queue.").size() == 5);

    LAB.site().line(TestSite.OPEN);
    LAB.open("/");

    LAB.awaitAllMadeAreStored(6);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void sendsAgainWhenTheAnswerIsLost() {
    LAB.page("/", "tracker.js", PATIENT, "");
    LAB.site().line(TestSite.LOSES_ANSWERS);
    Page page = LAB.open("/");
    Lab.track(page, "twice", 9);
    await().until(() -> LAB.stored().size() == 10);

    LAB.site().line(TestSite.OPEN);

    LAB.awaitQueueIsEmpty();
    LAB.awaitAllMadeAreStored(10);
    assertThat(LAB.copies()).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void asksNoSoonerThanRetryAfterSaysAndLosesNothing() {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.site().line(TestSite.answering(429, "3"));
    Page page = LAB.open("/");
    page.waitForCondition(() -> !LAB.site().calls().isEmpty());
    Lab.track(page, "more", 30);

    LAB.site().line(TestSite.OPEN);

    LAB.awaitAllMadeAreStored(31);
    List<TestSite.Call> calls = LAB.site().calls();
    assertThat(calls.get(1).arrivedNanos() - calls.get(0).arrivedNanos())
        .isGreaterThan(2_900_000_000L);
  }

  @Test
  void waitsForAGatewayWhoseKafkaIsAway() throws Exception {
    LAB.page("/", "tracker.js", EAGER, "");
    Page page = LAB.open("/");
    LAB.awaitStored("page_view", 1);

    LAB.broker().stop();
    Lab.track(page, "away", 50);
    await().until(() -> LAB.site().statuses().contains(503));
    int failures = failures(page);
    Lab.track(page, "away", 50);
    LAB.broker().start();

    assertThat(failures).isGreaterThan(0);
    LAB.awaitAllMadeAreStored(101);
    LAB.awaitQueueIsEmpty();
  }

  /** Such as an unknown key, a proxy without its gateway, a captive portal. */
  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403, 404, 500})
  void keepsEventsUntilTheGatewayItselfHasAnsweredForThem(int status) {
    LAB.page("/", "tracker.js", EAGER, "");
    LAB.site().line(TestSite.answering(status, "0"));
    LAB.open("/");
    await().until(() -> LAB.site().calls().size() >= 2);

    LAB.site().line(TestSite.OPEN);

    LAB.awaitAllMadeAreStored(1);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void halvesABatchThatIsTooLarge() {
    LAB.page("/", "tracker.js", PATIENT, "");
    LAB.site()
        .line(
            (site, exchange, call) ->
                (call.events() > 7 ? TestSite.answering(413, "0") : TestSite.OPEN)
                    .carry(site, exchange, call));
    Page page = LAB.open("/");

    Lab.track(page, "many", 99);

    LAB.awaitAllMadeAreStored(100);
    LAB.awaitQueueIsEmpty();
  }

  @Test
  void fitsItsRequestsIntoWhatMayOutliveAPage() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");

    page.evaluate(
        "() => { for (let i = 0; i < 60; i++) millrace.track('large', { text: 'ü'.repeat(2000) }); }");

    LAB.awaitAllMadeAreStored(61);
    assertThat(LAB.site().calls())
        .allSatisfy(call -> assertThat(call.bytes().length).isLessThan(64 * 1024));
  }

  @Test
  void dropsOnlyWhatTheGatewayRefusesAndTellsWhich() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");
    page.evaluate(
        "() => { window.refused = []; millrace.on('refused', ({ code, message, event }) =>"
            + " refused.push([code, message, JSON.parse(event).eventType])); }");

    page.evaluate("() => millrace.track('Bad Type')");
    Lab.track(page, "good", 8);

    List<JsonNode> good = LAB.awaitStored("good", 8);
    assertThat(good).hasSize(8);
    LAB.awaitQueueIsEmpty();
    assertThat(page.evaluate("() => refused"))
        .isEqualTo(
            List.of(
                List.of(
                    "invalid_event_type",
                    "eventType is \"Bad Type\"; it starts with a letter a-z and goes on with a-z, 0-9, _ and .",
                    "Bad Type")));
  }

  @Test
  void findsAndDropsAnEntryThatSpoilsItsBatch() {
    LAB.page("/", "tracker.js", PATIENT, "");
    Page page = LAB.open("/");
    page.evaluate("key => localStorage['millrace.queue.' + key + '.0'] = '{broken'", LAB.key());

    Lab.track(page, "good", 30);

    LAB.awaitQueueIsEmpty();
    LAB.awaitAllMadeAreStored(31);
    assertThat(LAB.site().statuses()).contains(400);
  }

  private static int failures(Page page) {
    return (int) page.evaluate("() => window.failures ?? 0");
  }
}
