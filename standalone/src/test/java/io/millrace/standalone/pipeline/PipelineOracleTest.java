package io.millrace.standalone.pipeline;

import static io.millrace.domain.event.TestEvents.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.RandomEvents;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order, the repetitions, the delays, the watermarks and the restarts: the tables that
 * sessions and metrics leave, one behind the other, are those of a batch over the same events.
 *
 * <p>A run is a function of its seed. A thousand: {@code -Dmillrace.tries=1000}.
 */
class PipelineOracleTest {
  private static final int TRIES = Integer.getInteger("millrace.tries", 100);

  @Test
  void leavesTheTablesOfABatchWhateverHappensOnTheWay() throws Exception {
    int restated = 0;
    for (long seed = 1; seed <= TRIES; seed++) {
      try {
        restated += new Run(seed).play();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(restated).as("windows restated in all runs").isGreaterThan(TRIES);
  }

  private static final class Run {
    final Random random;
    final List<Event> input;
    StreamTables committed = new StreamTables();
    JobChain chain;
    JobChain.State checkpoint;
    int checkpointPosition;
    long now = START;
    long watermark = Long.MIN_VALUE;
    int position;

    Run(long seed) {
      random = new Random(seed);
      input = RandomEvents.deliveries(random);
    }

    int play() throws Exception {
      chain = new JobChain(cacheBytes(), now, null);
      try {
        while (position < input.size()) {
          step();
        }
        settle();
        StreamTables expected = BatchTables.of(input, SessionRules.withGap(JobChain.GAP));
        assertThat(committed.events).containsExactlyInAnyOrderElementsOf(expected.events);
        assertThat(committed.duplicates).isEqualTo(expected.duplicates);
        assertThat(committed.sessions).isEqualTo(expected.sessions);
        assertThat(committed.windows).isEqualTo(expected.windows);
        assertThat(committed.hotWindows()).as("hot").isEqualTo(expected.windows);
        assertThat(committed.hotQuarters()).as("hot quarters").isEqualTo(expected.windows);
      } finally {
        chain.close();
      }
      return committed.restatedWindows;
    }

    void step() throws Exception {
      int dice = random.nextInt(100);
      if (dice < 72) {
        chain.process(RandomEvents.copy(input.get(position++)));
      } else if (dice < 82) {
        watermark = Math.max(watermark, START + random.nextLong(Duration.ofHours(6).toMillis()));
        chain.watermark(watermark);
      } else if (dice < 92) {
        advance(Duration.ofMillis(random.nextInt(20_000)));
      } else if (dice < 96) {
        checkpoint();
        if (random.nextInt(4) > 0) { // the word can be lost, and then the next one counts for both
          chain.confirmCheckpoint();
        }
      } else {
        fail();
      }
    }

    void advance(Duration by) throws Exception {
      now += by.toMillis();
      chain.advanceProcessingTime(now);
    }

    void checkpoint() throws Exception {
      checkpoint = chain.checkpoint();
      checkpointPosition = position;
      committed = committed.with(chain.takeOutput());
    }

    /** What the lake was sent since the checkpoint is gone; what the hot store was sent stays. */
    void fail() throws Exception {
      committed.show(chain.takeOutput());
      chain.close();
      now += random.nextInt(60_000);
      chain = new JobChain(cacheBytes(), now, checkpoint);
      position = checkpointPosition;
      watermark = Long.MIN_VALUE;
    }

    /** Everything closes, is quiet, and is committed. */
    void settle() throws Exception {
      for (int i = 0; i < 2; i++) {
        chain.watermark(START + Duration.ofDays(1).toMillis() + i);
        advance(Duration.ofMinutes(10));
        checkpoint();
        chain.confirmCheckpoint();
      }
    }

    long cacheBytes() {
      return random.nextBoolean() ? 1 + random.nextInt(3_000) : 64L << 20;
    }
  }
}
