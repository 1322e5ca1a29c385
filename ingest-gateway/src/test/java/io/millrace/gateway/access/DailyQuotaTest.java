package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DailyQuotaTest {
  private static final long NOON = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("2026-01-01T23:59:59.999Z").toEpochMilli();

  private final DailyQuota quota = new DailyQuota();
  private final Map<LocalDate, Map<String, Long>> stored = new HashMap<>();

  @Test
  void takesAllOrNoneOfABatch() {
    assertThat(quota.take("acme", 10L, 8, NOON)).isEqualTo(2);
    assertThat(quota.take("acme", 10L, 3, NOON)).isEqualTo(-1);
    assertThat(quota.take("acme", 10L, 2, NOON)).isZero();
    assertThat(quota.take("acme", 10L, 1, NOON)).isEqualTo(-1);
    assertThat(quota.take("other", 10L, 1, NOON)).isEqualTo(9);
    assertThat(quota.take("acme", null, 500, NOON)).isEqualTo(Long.MAX_VALUE);
    assertThat(quota.used("acme", NOON)).isEqualTo(510);
  }

  @Test
  void beginsAnewWithTheUtcDayAndNotWithAClockSetBack() {
    quota.take("acme", 10L, 10, LAST_MS);

    assertThat(quota.take("acme", 10L, 1, LAST_MS)).isEqualTo(-1);
    assertThat(quota.take("acme", 10L, 1, LAST_MS + 1)).isEqualTo(9);
    assertThat(quota.take("acme", 10L, 10, LAST_MS)).isEqualTo(-1);
    assertThat(DailyQuota.millisToNextDay(LAST_MS)).isEqualTo(1);
    assertThat(DailyQuota.millisToNextDay(LAST_MS + 1)).isEqualTo(86_400_000);
  }

  @Test
  void givesBackWhatWasNotStoredButNotToAnotherDay() {
    quota.take("acme", 10L, 10, NOON);
    quota.giveBack("acme", 4, NOON);
    assertThat(quota.used("acme", NOON)).isEqualTo(6);

    quota.take("acme", 10L, 5, LAST_MS + 1);
    quota.giveBack("acme", 4, NOON);
    assertThat(quota.used("acme", LAST_MS + 1)).isEqualTo(5);
  }

  @Test
  void severalGatewaysShareTheQuotaThroughTheStore() throws Exception {
    DailyQuota other = new DailyQuota();
    quota.take("acme", 100L, 30, NOON);
    other.take("acme", 100L, 20, NOON);

    quota.exchange(this::add, NOON);
    other.exchange(this::add, NOON);
    quota.exchange(this::add, NOON);
    quota.take("acme", 100L, 1, NOON);
    quota.exchange(this::add, NOON);
    quota.exchange(this::add, NOON);

    assertThat(other.used("acme", NOON)).isEqualTo(50);
    assertThat(quota.used("acme", NOON)).isEqualTo(51);
    assertThat(stored).isEqualTo(Map.of(LocalDate.of(2026, 1, 1), Map.of("acme", 51L)));
  }

  @Test
  void aRestartGoesOnFromTheStoreAlsoForTenantsThatAreSilentYet() throws Exception {
    quota.take("acme", 100L, 30, NOON);
    quota.exchange(this::add, NOON);
    DailyQuota restarted = new DailyQuota();

    restarted.exchange(this::add, NOON);

    assertThat(restarted.take("acme", 31L, 1, NOON)).isZero();
    assertThat(restarted.take("acme", 31L, 1, NOON)).isEqualTo(-1);
  }

  @Test
  void writesTheEndOfADayThatIsOver() throws Exception {
    quota.take("acme", null, 5, LAST_MS);
    quota.take("acme", null, 7, LAST_MS + 1);

    quota.exchange(this::add, LAST_MS + 1);

    assertThat(stored)
        .isEqualTo(
            Map.of(
                LocalDate.of(2026, 1, 1), Map.of("acme", 5L),
                LocalDate.of(2026, 1, 2), Map.of("acme", 7L)));
  }

  @Test
  void keepsWhatTheStoreDidNotTake() throws Exception {
    quota.take("acme", null, 5, LAST_MS);
    quota.take("acme", null, 7, LAST_MS + 1);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                quota.exchange(
                    (day, events) -> {
                      throw new IllegalStateException("away");
                    },
                    LAST_MS + 1));
    quota.exchange(this::add, LAST_MS + 1);

    assertThat(stored.get(LocalDate.of(2026, 1, 1))).isEqualTo(Map.of("acme", 5L));
    assertThat(stored.get(LocalDate.of(2026, 1, 2))).isEqualTo(Map.of("acme", 7L));
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);

    for (int i = 0; i < 4; i++) {
      threads.execute(
          () -> {
            for (int n = 0; n < 1000; n++) {
              if (quota.take("acme", 2000L, 1, NOON) >= 0) {
                taken.incrementAndGet();
              }
            }
          });
    }
    threads.shutdown();

    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).hasValue(2000);
  }

  private Map<String, Long> add(LocalDate day, Map<String, Long> events) {
    Map<String, Long> totals = stored.computeIfAbsent(day, unknown -> new HashMap<>());
    events.forEach((tenant, count) -> totals.merge(tenant, count, Long::sum));
    return Map.copyOf(totals);
  }
}
