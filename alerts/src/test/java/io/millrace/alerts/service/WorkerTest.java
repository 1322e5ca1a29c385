package io.millrace.alerts.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private final List<String> done = new CopyOnWriteArrayList<>();

  private final class Fragile implements Work {
    @Override
    public Duration step() throws SQLException {
      done.add("step");
      if (done.size() < 6) {
        throw new SQLException("it is away");
      }
      return Duration.ofDays(1); // until it is closed
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  @Test
  void opensAnewAfterEachFailureAndEndsAtOnceWhenItIsClosed() {
    Worker worker =
        Worker.start(
            "test",
            () -> {
              done.add("open");
              if (done.size() == 1) {
                throw new IllegalStateException("not yet");
              }
              return new Fragile();
            });
    await().atMost(Duration.ofMinutes(1)).until(() -> done.size() >= 6);

    worker.close();

    assertThat(done).containsExactly("open", "open", "step", "close", "open", "step", "close");
  }
}
