package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.client.FakeGateway.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path folder;

  @Test
  void keepsAnOutageThatIsLongerThanMemoryIsLargeAndSendsItInOrder() throws Exception {
    try (FakeGateway gateway = FakeGateway.start()) {
      gateway.answers(Reply.of(503));
      MillraceClient client = client(gateway.url(), file());
      List<String> tracked = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        // Twice as many as memory may hold, each taken before the next comes.
        String id = "e-" + i;
        await().until(() -> client.stats().waiting() < 20);
        assertThat(client.track(AnswersTest.event(id))).isTrue();
        tracked.add(id);
      }
      await().until(() -> client.stats().spooled() == 50);

      gateway.answers(Reply.of(204));
      await().until(() -> client.stats().delivered() == 50);

      List<String> afterwards =
          gateway.ids().subList(gateway.ids().size() - 49, gateway.ids().size());
      assertThat(afterwards).isEqualTo(tracked.subList(1, 50));
      assertThat(client.stats().droppedTotal()).isZero();
      assertThat(Files.size(file())).isZero();
      NeverBlocksTest.assertAddsUp(client.stats());
      client.close();
    }
  }

  @Test
  void sendsAtTheNextStartWhatCloseLeft() throws Exception {
    MillraceClient before = client(URI.create("http://127.0.0.1:1"), file());
    IntStream.range(0, 5).forEach(i -> before.track(AnswersTest.event("e-" + i)));
    List<String> left = before.close(Duration.ofMillis(50));
    ClientStats closed = before.stats();
    Files.writeString(file(), "{\"eventId\":\"torn", StandardOpenOption.APPEND);

    try (FakeGateway gateway = FakeGateway.start();
        MillraceClient after = client(gateway.url(), file())) {
      after.track(AnswersTest.event("new"));
      await().until(() -> after.stats().delivered() == 6);

      assertThat(left).isEmpty();
      assertThat(closed.spooled()).isEqualTo(5);
      assertThat(after.stats().recovered()).isEqualTo(5);
      assertThat(gateway.ids()).containsExactly("e-0", "e-1", "e-2", "e-3", "e-4", "new");
      NeverBlocksTest.assertAddsUp(closed);
      NeverBlocksTest.assertAddsUp(after.stats());
    }
  }

  @Test
  void takesOnlyAsManyEventsAsTheFileMayHoldAndReadsThemInParts() throws IOException {
    List<QueuedEvent> events =
        IntStream.range(0, 10).mapToObj(i -> queued("{\"eventId\":\"" + i + "\"}")).toList();
    try (Spool spool = Spool.open(file(), 16 * 6 + 3)) {

      int taken = spool.append(events);
      List<QueuedEvent> byCount = spool.peek(2, 1000);
      spool.remove(2);
      List<QueuedEvent> byBytes = spool.peek(100, 16 * 3 - 1);

      assertThat(taken).isEqualTo(6);
      assertThat(byCount).extracting(QueuedEvent::eventId).containsExactly("0", "1");
      assertThat(byBytes).extracting(QueuedEvent::eventId).containsExactly("2", "3");
      assertThat(spool.size()).isEqualTo(4);
    }
  }

  @Test
  void givesADamagedLineToTheGatewayToRefuseAndSendsItsNeighbours() throws Exception {
    Files.writeString(file(), "{\"eventId\":\"a\"}\n\0\0]}{\n{\"eventId\":\"b\"}\n");

    try (Spool spool = Spool.open(file(), 1000)) {
      List<QueuedEvent> read = spool.peek(10, 1000);

      assertThat(read).extracting(QueuedEvent::eventId).containsExactly("a", null, "b");
    }
  }

  @Test
  void cutsOffATornLineBeforeItAppends() throws Exception {
    Files.writeString(file(), "{\"eventId\":\"a\"}\n{\"eventId\":\"to");

    try (Spool spool = Spool.open(file(), 1000)) {
      spool.append(List.of(queued("{\"eventId\":\"b\"}")));

      assertThat(spool.peek(10, 1000)).extracting(QueuedEvent::eventId).containsExactly("a", "b");
    }
  }

  @Test
  void belongsToOneClient() throws IOException {
    try (Spool first = Spool.open(file(), 1000)) {
      assertThat(first.isEmpty()).isTrue();
      assertThatThrownBy(() -> client(URI.create("http://127.0.0.1:1"), file()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot start the Millrace client: spoolFile is "
                  + file()
                  + ", and another client uses it; give each its own; give a file in a folder that"
                  + " exists and can be written");
    }
  }

  private Path file() {
    return folder.resolve("events.ndjson");
  }

  private static QueuedEvent queued(String json) {
    return new QueuedEvent("?", json.getBytes(UTF_8));
  }

  private static MillraceClient client(URI gateway, Path spoolFile) {
    return MillraceClient.start(
        ClientOptions.builder(gateway, "key-1")
            .linger(Duration.ofMillis(5))
            .firstPause(Duration.ofMillis(5))
            .longestPause(Duration.ofMillis(40))
            .failuresToOpen(1)
            .maxQueuedEvents(25)
            .spoolFile(spoolFile)
            .build());
  }
}
