package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /** The clock's numbers mean nothing by themselves and may be negative. */
  private static final long START = -5 * SECOND;

  @Test
  void givesTheBurstAtOnceAndThenTheRate() {
    Rate rate = new Rate(2, 3);
    TokenBucket bucket = new TokenBucket(START);

    assertThat(bucket.take(1, rate, START)).isEqualTo(2);
    assertThat(bucket.take(1, rate, START)).isEqualTo(1);
    assertThat(bucket.take(1, rate, START)).isZero();
    assertThat(bucket.take(1, rate, START)).isEqualTo(-SECOND / 2);
    assertThat(bucket.secondsToFull(START)).isEqualTo(2);
    assertThat(bucket.take(1, rate, START + SECOND / 2 - 1)).isEqualTo(-1);
    assertThat(bucket.take(1, rate, START + SECOND / 2)).isZero();
    assertThat(bucket.take(1, rate, START + 60 * SECOND)).isEqualTo(2);
  }

  @Test
  void letsABatchLargerThanTheBurstInOnceAndThenWaitsUntilItIsPaidFor() {
    Rate rate = new Rate(10, 20);
    TokenBucket bucket = new TokenBucket(START);

    assertThat(bucket.take(500, rate, START)).isZero();
    assertThat(bucket.take(1, rate, START)).isEqualTo(-48 * SECOND - SECOND / 10);
    assertThat(bucket.take(1, rate, START + 48 * SECOND)).isNegative();
    assertThat(bucket.take(1, rate, START + 49 * SECOND)).isNotNegative();
  }

  @ParameterizedTest(name = "{0} per second, burst {1}, {2} at a time")
  @CsvSource({"1, 1, 1", "3, 3, 1", "7, 100, 1", "1000, 1, 1", "999983, 1000, 50", "10, 5, 500"})
  void neverGivesMoreThanTheRateAndOneBatch(int perSecond, int burst, int batch) {
    Rate rate = new Rate(perSecond, burst);
    TokenBucket bucket = new TokenBucket(START);
    long seconds = 20;
    long given = 0;

    for (long millis = 0; millis < seconds * 1000; millis++) {
      while (bucket.take(batch, rate, START + millis * 1_000_000) >= 0) {
        given += batch;
      }
    }

    assertThat(given).isBetween(seconds * perSecond - batch, seconds * perSecond + burst + batch);
  }

  @Test
  void aChangedRateHoldsAtOnceAndForgivesNothing() {
    TokenBucket bucket = new TokenBucket(START);
    bucket.take(100, new Rate(10, 100), START);

    assertThat(bucket.take(1, new Rate(10, 1), START)).isEqualTo(-10 * SECOND);
    assertThat(bucket.take(1, new Rate(10, 1000), START)).isEqualTo(899);
  }

  @Test
  void manyThreadsGetNoMoreThanOne() throws Exception {
    Rate rate = new Rate(1, 1000);
    TokenBucket bucket = new TokenBucket(START);
    AtomicInteger given = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);

    for (int i = 0; i < 4; i++) {
      threads.execute(
          () -> {
            for (int n = 0; n < 1000; n++) {
              if (bucket.take(1, rate, START) >= 0) {
                given.incrementAndGet();
              }
            }
          });
    }
    threads.shutdown();

    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(given).hasValue(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_000_001})
  void refusesARateThatIsNone(int value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rate(value, 1))
        .withMessage("the rate is " + value + "; give 1 to 1000000 (per second)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rate(1, value))
        .withMessage("the burst is " + value + "; give 1 to 1000000 (per second)");
  }
}
