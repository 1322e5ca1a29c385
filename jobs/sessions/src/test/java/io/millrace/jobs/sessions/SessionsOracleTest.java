package io.millrace.jobs.sessions;

import static io.millrace.domain.event.TestEvents.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.event.RandomEvents;
import io.millrace.domain.event.VisitorKey;
import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionRules;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order, the watermarks, the clock, the failures and the size of the cache: what the
 * stream leaves in the lake and in the hot store is what {@link SessionRules#sessionize} gives for
 * all events at once.
 *
 * <p>A run is a function of its seed. {@code -Dmillrace.tries=100000} tries more of them.
 */
class SessionsOracleTest {
  private static final int TRIES = Integer.getInteger("millrace.tries", 100);
  private static final Duration GAP = Duration.ofMinutes(30);

  @Test
  void leavesTheSessionsOfTheBatchRulesWhateverHappensOnTheWay() throws Exception {
    for (long seed = 1; seed <= TRIES; seed++) {
      try {
        new Run(seed).play();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** What had been committed when a checkpoint was complete, and where its source stood. */
  private record Saved(
      OperatorSubtaskState state,
      int position,
      Map<String, Session> lake,
      List<String> events,
      int duplicates) {}

  private static final class Run {
    final Random random;
    final SessionOptions options;
    final List<Event> input;
    final Map<String, Session> committed = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    final Map<String, LiveSession> hot = new HashMap<>();
    SessionsHarness harness;
    long now = START;
    long watermark = Long.MIN_VALUE;
    int changesRead;
    int liveRead;
    int eventsRead;
    int duplicatesRead;
    int duplicates;
    int position;
    Saved last;

    Run(long seed) {
      random = new Random(seed);
      options =
          new SessionOptions(
              SessionRules.withGap(GAP),
              Duration.ofSeconds(10),
              Duration.ofDays(100),
              random.nextBoolean() ? 1 + random.nextInt(3_000) : 64L << 20);
      input = RandomEvents.deliveries(random);
    }

    void play() throws Exception {
      harness = new SessionsHarness(options, now);
      try {
        last = new Saved(null, 0, Map.of(), List.of(), 0);
        while (position < input.size()) {
          step();
        }
        quiet();
        check();
      } finally {
        harness.close();
      }
    }

    void step() throws Exception {
      int dice = random.nextInt(100);
      if (dice < 70) {
        harness.process(input.get(position++));
      } else if (dice < 82) {
        long furthest = START + Duration.ofHours(6).toMillis();
        watermark = Math.max(watermark, START + random.nextLong(furthest - START));
        harness.watermark(watermark);
      } else if (dice < 92) {
        advance(Duration.ofMillis(random.nextInt(15_000)));
      } else if (dice < 96) {
        checkpoint();
      } else {
        fail();
      }
    }

    void advance(Duration by) throws Exception {
      now += by.toMillis();
      harness.advanceProcessingTime(by);
    }

    void checkpoint() throws Exception {
      OperatorSubtaskState state = harness.checkpoint();
      commit();
      last = new Saved(state, position, new TreeMap<>(committed), List.copyOf(events), duplicates);
    }

    /**
     * What the lake was sent since the last checkpoint is gone; what the hot store was sent is not.
     * The job goes on at a later time, without a watermark.
     */
    void fail() throws Exception {
      show();
      harness.close();
      now += random.nextInt(60_000);
      harness = new SessionsHarness(options, now, last.state);
      position = last.position;
      committed.clear();
      committed.putAll(last.lake);
      events.clear();
      events.addAll(last.events);
      duplicates = last.duplicates;
      eventsRead = 0;
      duplicatesRead = 0;
      watermark = Long.MIN_VALUE;
      changesRead = 0;
      liveRead = 0;
    }

    /** Everything is closed, quiet and shown. */
    void quiet() throws Exception {
      harness.watermark(Long.MAX_VALUE - 1);
      advance(options.quiet());
      advance(Duration.ofSeconds(2));
      checkpoint();
    }

    void commit() {
      List<SessionChange> changes = harness.sessionChanges();
      for (SessionChange change : changes.subList(changesRead, changes.size())) {
        Session session = change.session;
        if (change.takesBack()) {
          assertThat(committed.remove(session.sessionId))
              .as("row taken back")
              .usingRecursiveComparison()
              .isEqualTo(session);
        } else {
          assertThat(committed.put(session.sessionId, session)).as("row in the way").isNull();
        }
      }
      changesRead = changes.size();
      List<Event> passed = harness.events();
      passed.subList(eventsRead, passed.size()).forEach(event -> events.add(event.eventId));
      eventsRead = passed.size();
      duplicates += harness.duplicates().size() - duplicatesRead;
      duplicatesRead = harness.duplicates().size();
      show();
    }

    void show() {
      List<LiveSession> live = harness.liveSessions();
      for (LiveSession shown : live.subList(liveRead, live.size())) {
        hot.merge(
            shown.session.sessionId,
            shown,
            (old, young) -> young.version >= old.version ? young : old);
      }
      liveRead = live.size();
    }

    void check() throws Exception {
      Map<String, List<Event>> byVisitor = new TreeMap<>();
      input.forEach(
          event ->
              byVisitor
                  .computeIfAbsent(
                      VisitorKey.of(event.tenant, event.visitorId), key -> new ArrayList<>())
                  .add(event));
      Map<String, Session> expected = new TreeMap<>();
      byVisitor
          .values()
          .forEach(
              events ->
                  options
                      .rules()
                      .sessionize(events)
                      .forEach(session -> expected.put(session.sessionId, session)));

      assertThat(events)
          .containsExactlyInAnyOrderElementsOf(
              input.stream().map(event -> event.eventId).distinct().toList());
      assertThat(duplicates).isEqualTo(input.size() - events.size());
      assertThat(committed)
          .usingRecursiveComparison()
          .ignoringFieldsMatchingRegexes(".*revision")
          .isEqualTo(expected);
      Map<String, Session> shown = new TreeMap<>();
      hot.forEach(
          (id, live) -> {
            if (!live.withdrawn) {
              assertThat(live.closed).as("closed").isTrue();
              shown.put(id, live.session);
            }
          });
      assertThat(shown)
          .usingRecursiveComparison()
          .ignoringFieldsMatchingRegexes(".*revision")
          .isEqualTo(expected);
    }
  }
}
