package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.event;
import static io.millrace.domain.event.TestEvents.pageView;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.event.Event;
import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.metric.MetricRules;
import io.millrace.domain.session.SessionRules;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventSumsOperatorTest {
  private static final int COMPLETE =
      (int) Stream.of(Grouping.values()).filter(Grouping::isComplete).count();

  private SumsHarness<Event> sums;

  @BeforeEach
  void open() throws Exception {
    sums = new SumsHarness<>(new EventSumsOperator(), t(20));
  }

  @AfterEach
  void close() throws Exception {
    sums.close();
  }

  @Test
  void handsSumsOnOnceASecondAndEachOnce() throws Exception {
    sums.process(pageView("ann", t(0)), pageView("ann", t(0) + 1), pageView("bob", t(0) + 2));
    sums.advanceProcessingTime(Duration.ofMillis(999));
    assertThat(sums.output()).isEmpty();

    sums.advanceProcessingTime(Duration.ofMillis(1));
    sums.advanceProcessingTime(Duration.ofSeconds(5));

    assertThat(sums.output()).containsExactly("all 0 minute=0 events=3 sessions=0 visitors=2");
  }

  @Test
  void partsMinutesAndWindowsAtTheirStart() throws Exception {
    sums.process(
        pageView("ann", t(0)),
        pageView("ann", t(1) - 1),
        pageView("ann", t(1)),
        pageView("ann", t(15) - 1),
        pageView("ann", t(15)));
    sums.barrier();

    assertThat(sums.output())
        .containsExactlyInAnyOrder(
            "all 0 minute=0 events=2 sessions=0 visitors=1",
            "all 0 minute=1 events=1 sessions=0 visitors=1",
            "all 0 minute=14 events=1 sessions=0 visitors=1",
            "all 15 minute=15 events=1 sessions=0 visitors=1");
  }

  @Test
  void givesNoMinuteToWhatIsOlderThanTheHotStoreKeeps() throws Exception {
    long oldest = t(20) - MetricRules.HOT_KEPT.toMillis();

    sums.process(pageView("ann", oldest), pageView("ann", oldest - 1));
    sums.barrier();

    assertThat(sums.output())
        .containsExactlyInAnyOrder(
            "all -2865 minute=-2860 events=1 sessions=0 visitors=1",
            "all -2865 minute=none events=1 sessions=0 visitors=1");
  }

  @Test
  void handsSumsOnBeforeACheckpointsBarrier() throws Exception {
    sums.process(pageView("ann", t(0)));

    sums.barrier();

    assertThat(sums.output()).hasSize(1);
  }

  @Test
  void handsSumsOnBeforeAWatermarkThatClosesTheirWindowAndNotBefore() throws Exception {
    sums.process(pageView("ann", t(3)));

    sums.watermark(t(15) - 1);
    sums.watermark(t(15));

    assertThat(sums.output())
        .containsExactly(
            "watermark 14", "all 0 minute=3 events=1 sessions=0 visitors=1", "watermark 15");
  }

  @Test
  void handsSumsOfAnOlderOpenWindowOnThoughYoungerOnesCameFirst() throws Exception {
    sums.process(pageView("ann", t(16)), pageView("ann", t(3)));

    sums.watermark(t(15));

    assertThat(sums.output()).hasSize(3).last().isEqualTo("watermark 15");
  }

  @Test
  void doesNotHandOnForEachWatermarkWhatCameAfterItsWindowClosed() throws Exception {
    sums.watermark(t(17));
    sums.process(pageView("ann", t(3)));

    sums.watermark(t(18));
    assertThat(sums.output()).containsExactly("watermark 17", "watermark 18");
    sums.advanceProcessingTime(Duration.ofSeconds(1));

    assertThat(sums.output()).last().isEqualTo("all 0 minute=3 events=1 sessions=0 visitors=1");
  }

  @Test
  void handsOnAtTheEndOfItsInputWhatNoWatermarkWouldFlush() throws Exception {
    sums.watermark(t(17));
    sums.process(pageView("ann", t(3)));

    sums.watermark(Long.MAX_VALUE);

    assertThat(sums.updates()).hasSize(COMPLETE);
  }

  @Test
  void handsOnEarlyWhenItHoldsManyGroups() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      sums.process(pageView("ann", t(0), "/" + i));
    }

    assertThat(sums.updates()).hasSizeGreaterThanOrEqualTo(20_000);
  }

  @Test
  void countsAVisitorOfManyEventsOnceInAnUpdate() throws Exception {
    for (int i = 0; i < 100; i++) {
      sums.process(pageView("ann", t(0) + i), pageView("bob", t(0) + i));
    }
    sums.barrier();

    assertThat(sums.updates())
        .filteredOn(update -> update.grouping.equals("all"))
        .singleElement()
        .satisfies(
            update ->
                assertThat(update.visitors)
                    .containsExactlyInAnyOrder(SessionRules.hash("ann"), SessionRules.hash("bob")));
  }

  @Test
  void partsBotsFromPeopleInEveryGrouping() throws Exception {
    Event bot = pageView("crawler", t(0), "/a");
    bot.bot = true;

    sums.process(bot, pageView("ann", t(0), "/a"));
    sums.barrier();

    assertThat(sums.eventsByValue())
        .containsEntry("all=all", 1L)
        .containsEntry("all=all bot", 1L)
        .containsEntry("page=/a", 1L)
        .containsEntry("page=/a bot", 1L);
  }

  @Test
  void countsWhatAnEventDoesNotSayUnderNone() throws Exception {
    Event bare = event("click", "ann", t(0));
    bare.channel = null;
    bare.country = "";

    sums.process(bare);
    sums.barrier();

    assertThat(sums.eventsByValue())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "all=all", 1L,
                "page=(none)", 1L,
                "channel=(none)", 1L,
                "source=(none)", 1L,
                "country=(none)", 1L,
                "device=(none)", 1L,
                "browser=(none)", 1L,
                "os=(none)", 1L,
                "event_type=click", 1L));
  }

  @Test
  void givesEveryGroupingTheSameTotals() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Event event =
          event(
              random.nextBoolean() ? "page_view" : "purchase", "v" + random.nextInt(50), t(0) + i);
      event.pagePath = random.nextInt(3) == 0 ? null : "/" + random.nextInt(9);
      event.country = random.nextInt(3) == 0 ? null : "C" + random.nextInt(4);
      event.bot = random.nextInt(5) == 0;
      event.revenueCents = random.nextInt(2) == 0 ? null : (long) random.nextInt(10_000);
      event.engagementMs = random.nextInt(1_000);
      sums.process(event);
    }
    sums.barrier();

    Map<String, Measures> byGrouping =
        sums.updates().stream()
            .collect(
                Collectors.toMap(
                    update -> update.grouping,
                    update -> update.sums,
                    (one, other) -> {
                      Measures both = new Measures();
                      both.add(one);
                      both.add(other);
                      return both;
                    }));

    assertThat(byGrouping).hasSize(COMPLETE);
    assertThat(byGrouping.get("all").events).isEqualTo(2_000);
    assertThat(byGrouping.values())
        .allSatisfy(
            grouping ->
                assertThat(grouping).usingRecursiveComparison().isEqualTo(byGrouping.get("all")));
  }
}
