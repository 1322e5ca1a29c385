package io.millrace.standalone.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.standalone.DataFolder;
import io.millrace.standalone.LakeLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceScheduleTest {
  private static final Duration EVERY = Duration.ofMillis(20);

  @TempDir Path data;
  private DataFolder folder;
  private final AtomicInteger rounds = new AtomicInteger();

  @BeforeEach
  void prepare() throws IOException {
    folder = new DataFolder(data);
    folder.prepare();
  }

  @Test
  void aRoundThatFailsIsFollowedByTheNext() {
    try (MaintenanceSchedule schedule =
        MaintenanceSchedule.start(
            folder,
            () -> {
              if (rounds.incrementAndGet() == 1) {
                throw new IOException("the catalog is away");
              }
              if (rounds.get() == 2) {
                throw new IllegalStateException("a table is gone");
              }
              return List.of(new Maintenance.Report("t", 9, 1, 2, 0, 3, 0));
            },
            EVERY)) {
      assertThat(schedule).isNotNull();
      await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThan(3));
    }
  }

  @Test
  void waitsWhileACommandChangesTheTables() throws Exception {
    try (LakeLock held = LakeLock.take(folder, "recompute");
        MaintenanceSchedule schedule =
            MaintenanceSchedule.start(
                folder,
                () -> {
                  rounds.incrementAndGet();
                  return List.of();
                },
                EVERY)) {
      assertThat(schedule).isNotNull();
      await().during(EVERY.multipliedBy(5)).until(() -> rounds.get() == 0);

      held.close();

      await().untilAsserted(() -> assertThat(rounds).hasPositiveValue());
    }
  }
}
