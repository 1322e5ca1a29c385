package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.FakeGateway.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to the application: nothing, whatever the gateway and the listener do. */
class NeverBlocksTest {
  private final Heard heard = new Heard();
  private FakeGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = FakeGateway.start();
  }

  @AfterEach
  void stop() {
    gateway.release();
    gateway.close();
  }

  @Test
  void tracksWhileTheGatewayHoldsARequestAndDropsTheNewestWhenTheQueueIsFull() {
    gateway.hold();
    MillraceClient client = client(options().maxQueuedEvents(10));
    List<Boolean> taken = new ArrayList<>();

    for (int i = 0; i < 15; i++) {
      taken.add(client.track(AnswersTest.event("e-" + i)));
      if (i == 0) {
        await().until(() -> gateway.held() == 1);
      }
    }

    assertThat(gateway.held()).isEqualTo(1); // every call returned while the first was held
    assertThat(taken).hasSize(15).startsWith(true, true).endsWith(false, false);
    assertThat(client.stats().waiting()).isEqualTo(10);
    assertThat(client.stats().dropped()).containsEntry(DropReason.QUEUE_FULL, 5L);
    gateway.release();
    await().until(() -> client.stats().delivered() == 10);
    await().until(() -> heard.refused.size() == 5);
    assertThat(heard.refused.get(0))
        .isEqualTo(
            new RefusedEvent(
                "e-10",
                "queue_full",
                "the queue is full; at most 10 events and 33554432 bytes may wait"));
    assertThat(gateway.ids()).isEqualTo(IntStream.range(0, 10).mapToObj(i -> "e-" + i).toList());
    assertAddsUp(client.stats());
    client.close();
  }

  @Test
  void sendsAgainWhatIsNotAnsweredInTime() {
    gateway.hold();
    MillraceClient client = client(options().requestTimeout(Duration.ofMillis(100)));

    client.track(AnswersTest.event("a"));
    await().until(() -> client.stats().failedRequests() >= 2);
    String trouble = client.stats().lastTrouble();
    gateway.release();
    await().until(() -> client.stats().delivered() == 1);

    assertThat(trouble).isEqualTo("it did not answer within 100 ms");
    assertThat(new HashSet<>(gateway.ids())).containsExactly("a");
    client.close();
  }

  @Test
  void neverThrowsAndTellsWhatIsWrongWithAnEvent() {
    MillraceClient client = client(options());
    Map<String, Object> endless = new HashMap<>();
    endless.put("again", endless);

    List<Boolean> taken =
        List.of(
            client.track(null),
            client.track(with("d", Double.NaN)),
            client.track(with("o", new int[0])),
            client.track(with("endless", endless)),
            client.track(with("big", "x".repeat(70_000))),
            client.track(with("broken", new FailingText())));

    assertThat(taken).containsOnly(false);
    await().until(() -> heard.refused.size() == 6);
    assertThat(heard.refused.stream().map(e -> e.code() + ": " + e.message()).toList())
        .containsExactly(
            "invalid_event: the event is null; build one with MillraceEvent.builder",
            "invalid_event: property \"d\" is NaN; JSON has finite numbers only",
            "invalid_event: property \"o\" is a [I; give text, a number, a boolean, or a map or list"
                + " of these",
            "invalid_event: property \"again\" is nested deeper than 16 levels; give flatter"
                + " properties",
            "event_too_large: the event has 70136 bytes; at most 65536 are allowed",
            "invalid_event: the event cannot be read: java.lang.IllegalStateException: no text");
    assertThat(client.stats().dropped())
        .containsEntry(DropReason.INVALID_EVENT, 5L)
        .containsEntry(DropReason.EVENT_TOO_LARGE, 1L);
    assertAddsUp(client.stats());
    client.close();
  }

  @Test
  void goesOnWhenTheListenerFails() {
    gateway.answers(Reply.of(401), Reply.of(204));
    MillraceClient client =
        MillraceClient.start(
            options().build(),
            new ClientListener() {
              @Override
              public void circuitOpened(String reason) {
                throw new IllegalStateException("a listener that fails");
              }
            });

    client.track(AnswersTest.event("a"));

    await().until(() -> client.stats().delivered() == 1);
    client.close();
  }

  @Test
  void sendsFullBatchesWithinTheLimitsOfTheGateway() {
    MillraceClient client = client(options().maxBatchBytes(128 * 1024));
    gateway.hold();
    client.track(AnswersTest.event("first"));
    await().until(() -> gateway.held() == 1);
    IntStream.range(0, 600).forEach(i -> client.track(AnswersTest.event("small-" + i)));
    IntStream.range(0, 10).forEach(i -> client.track(with("text", "x".repeat(50_000))));

    gateway.release();
    await().until(() -> client.stats().delivered() == 611);

    assertThat(gateway.requests().stream().map(request -> request.ids().size()).toList())
        .contains(500)
        .allMatch(size -> size <= 500);
    assertThat(gateway.requests()).allMatch(request -> request.bodyBytes() <= 128 * 1024);
    client.close();
  }

  @Test
  void closeSendsWhatWaitsAndTakesNoMore() {
    MillraceClient client = client(options().linger(Duration.ofMinutes(10)));
    IntStream.range(0, 20).forEach(i -> client.track(AnswersTest.event("e-" + i)));

    List<String> left = client.close(Duration.ofSeconds(20));
    boolean taken = client.track(AnswersTest.event("late"));

    assertThat(left).isEmpty();
    assertThat(gateway.ids()).hasSize(20);
    assertThat(taken).isFalse();
    assertThat(client.stats().dropped()).containsEntry(DropReason.CLIENT_CLOSED, 1L);
    assertAddsUp(client.stats());
  }

  @Test
  void closeGivesBackWhatItCouldNotSend() {
    gateway.answers(Reply.of(503));
    MillraceClient client = client(options());
    MillraceEvent event = with("n", 7);
    client.track(event);

    List<String> left = client.close(Duration.ofMillis(100));

    assertThat(left)
        .containsExactly(
            "{\"eventId\":\"%s\",\"eventType\":\"click\",\"timestamp\":%s,\"visitorId\":\"v\",\"properties\":{\"n\":7}}"
                .formatted(event.eventId(), event.fields().get("timestamp")));
    assertThat(client.stats().waiting()).isEqualTo(1);
    assertAddsUp(client.stats());
  }

  @Test
  void closeEndsInTimeAlthoughTheGatewayHoldsTheRequest() {
    gateway.hold();
    MillraceClient client = client(options());
    client.track(AnswersTest.event("a"));
    await().until(() -> gateway.held() == 1);

    List<String> left = client.close(Duration.ofMillis(50));

    assertThat(gateway.held()).isEqualTo(1); // it returned before the gateway did
    assertThat(left).hasSize(1);
  }

  @Test
  void deliversEachEventOfManyThreadsAndItsCountersAddUp() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    gateway.answersBy(request -> Reply.of(requests.incrementAndGet() % 3 == 0 ? 503 : 204));
    MillraceClient client = client(options().maxQueuedEvents(3_000));
    Set<String> taken = ConcurrentHashMap.newKeySet();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                t ->
                    new Thread(
                        () -> {
                          awaitUninterrupted(go);
                          for (int i = 0; i < 1_000; i++) {
                            MillraceEvent event = with("n", i);
                            if (client.track(event)) {
                              taken.add(event.eventId());
                            }
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);

    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    List<String> left = client.close(Duration.ofSeconds(30));

    assertThat(left).isEmpty();
    assertThat(new HashSet<>(gateway.ids())).isEqualTo(taken);
    assertThat(client.stats().tracked()).isEqualTo(8_000);
    assertThat(client.stats().delivered()).isEqualTo(taken.size());
    assertAddsUp(client.stats());
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted before the start", e);
    }
  }

  static void assertAddsUp(ClientStats stats) {
    assertThat(stats.tracked() + stats.recovered())
        .isEqualTo(
            stats.delivered()
                + stats.rejected()
                + stats.droppedTotal()
                + stats.waiting()
                + stats.spooled());
    assertThat(stats.dropped().keySet()).hasSameElementsAs(Arrays.asList(DropReason.values()));
  }

  private static MillraceEvent with(String property, Object value) {
    return MillraceEvent.builder("click", "v").property(property, value).build();
  }

  private ClientOptions.Builder options() {
    return ClientOptions.builder(gateway.url(), "key-1")
        .linger(Duration.ofMillis(5))
        .firstPause(Duration.ofMillis(5))
        .longestPause(Duration.ofMillis(40));
  }

  private MillraceClient client(ClientOptions.Builder options) {
    return MillraceClient.start(options.build(), heard);
  }

  /** A text of the application's own that cannot be read. */
  private static final class FailingText implements CharSequence {
    @Override
    public int length() {
      return 1;
    }

    @Override
    public char charAt(int index) {
      return 'x';
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return this;
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}
