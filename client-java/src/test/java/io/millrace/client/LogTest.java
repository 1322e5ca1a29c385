package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.FakeGateway.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {
  private final Logger log = Logger.getLogger(MillraceClient.class.getName());
  private final Lines lines = new Lines();
  private FakeGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = FakeGateway.start();
    log.addHandler(lines);
  }

  @AfterEach
  void stop() {
    log.removeHandler(lines);
    gateway.close();
  }

  @Test
  void saysWhichEventsWereRefusedOnOneLineWhateverTheirIdsAre() {
    gateway.answers(Reply.problem(400, "malformed_json", "odd"));
    try (MillraceClient client = client()) {
      client.track(AnswersTest.event("a\nSEVERE: forged {0}"));
      await().until(() -> client.stats().rejected() == 1);
    }

    assertThat(lines.all)
        .containsExactly(
            "The gateway refused 1 events: a?SEVERE: forged {0} (malformed_json: it answers 400"
                + " (malformed_json: odd))");
  }

  @Test
  void showsTheFirstThreeOfWhatWasNotTakenAndHowManyWereNotSent() {
    gateway.hold();
    MillraceClient client = client();
    client.track(AnswersTest.event("e-0"));
    await().until(() -> gateway.held() == 1);
    for (int i = 1; i < 6; i++) {
      client.track(AnswersTest.event("e-" + i));
    }

    client.close();
    gateway.release();

    String full = " (queue_full: the queue is full; at most 1 events and 33554432 bytes may wait)";
    assertThat(String.join("\n", lines.all))
        .contains(
            "At least 5 events were not taken: e-1"
                + full
                + ", e-2"
                + full
                + ", e-3"
                + full
                + ", …")
        .contains(
            "1 events were not sent before the client closed; close(Duration) gives them back, and"
                + " with a spoolFile the next start sends them");
  }

  private MillraceClient client() {
    return MillraceClient.start(
        ClientOptions.builder(gateway.url(), "key-1")
            .linger(Duration.ofMillis(5))
            .maxQueuedEvents(1)
            .build());
  }

  private static final class Lines extends Handler {
    final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      all.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
