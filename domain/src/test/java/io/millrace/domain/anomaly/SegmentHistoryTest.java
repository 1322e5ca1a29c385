package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.domain.metric.Measures;
import java.time.Duration;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class SegmentHistoryTest {
  private static final long WINDOW = Duration.ofMinutes(15).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final SegmentHistory total = new SegmentHistory();
  private final SegmentHistory segment = new SegmentHistory();

  @Test
  void aWindowThatComesAgainReplacesWhatWasThereAndAnEmptyOneTakesItBack() {
    segment.put(2 * WINDOW, events(5));
    segment.put(0, events(3));
    segment.put(WINDOW, events(4));
    segment.put(2 * WINDOW, events(9));

    assertThat(segment.actual(SegmentMeasure.EVENTS, 0, 3 * WINDOW)).isEqualTo(16);
    assertThat(segment.actual(SegmentMeasure.EVENTS, WINDOW, 2 * WINDOW)).isEqualTo(4);

    segment.put(WINDOW, new Measures());

    assertThat(segment.actual(SegmentMeasure.EVENTS, 0, 3 * WINDOW)).isEqualTo(12);
    assertThat(segment.starts).containsExactly(0, 2 * WINDOW);
  }

  @Test
  void theUsualShareIsThatOfTheHourAndWhereLittleWasSeenThatOfTheDay() {
    for (int day = 0; day < 7; day++) {
      at(day * DAY, 1000, 100);
      at(day * DAY + DAY / 2, 1000, 500);
      at(day * DAY + 3 * DAY / 4, 2, 2);
    }

    fold(8 * DAY, start -> false);

    assertThat(share(0)).isCloseTo(0.1, within(0.01));
    assertThat(share(12)).isCloseTo(0.5, within(0.01));
    assertThat(share(18)).isCloseTo(0.36, within(0.06));
    assertThat(share(3)).isCloseTo(0.3, within(0.01));
    assertThat(total.level(SegmentMeasure.EVENTS, 0)).isCloseTo(1000, within(0.1));
  }

  @Test
  void whatIsUsualIsForgottenByHalvesInAWeek() {
    for (int day = 0; day < 40; day++) {
      at(day * DAY, 1000, day < 20 ? 100 : 200);
    }
    fold(20 * DAY, start -> false);
    assertThat(share(0)).isCloseTo(0.1, within(0.001));

    fold(40 * DAY, start -> false);

    assertThat(share(0)).isCloseTo(0.187, within(0.01));
  }

  @Test
  void anAnomalyDoesNotBecomeUsual() {
    usualDays(14);
    at(14 * DAY, 1000, 0);
    fold(15 * DAY, start -> start == 14 * DAY);
    assertThat(share(0)).isCloseTo(0.3, within(0.001));

    at(15 * DAY, 100_000, 99_000);
    fold(16 * DAY, start -> false);

    assertThat(share(0)).as("an hour a hundred times as busy").isCloseTo(0.3, within(0.15));
    assertThat(total.level(SegmentMeasure.EVENTS, 0)).isLessThan(5_000);
  }

  @Test
  void aWellKnownSegmentMovesByAFactorOfThreeAtMostAndANewOneAtOnce() {
    usualDays(14);
    at(14 * DAY, 1000, 0);
    SegmentHistory fresh = new SegmentHistory();
    fresh.put(14 * DAY, events(500));

    var folded = total.foldedBefore(15 * DAY, start -> false);
    fresh.fold(folded, total, 15 * DAY, 15 * DAY);
    fold(15 * DAY, start -> false);

    assertThat(share(0)).isCloseTo(0.3 - 0.2 * 0.12, within(0.005));
    assertThat(fresh.share(total, SegmentMeasure.EVENTS, 0)).isCloseTo(0.5 * 0.12, within(0.01));
  }

  @Test
  void whatWasFoldedIsNoLongerKept() {
    usualDays(3);
    at(3 * DAY, 1000, 300);

    fold(3 * DAY, start -> false);

    assertThat(segment.starts).containsExactly(3 * DAY);
    assertThat(segment.values).hasSize(SegmentMeasure.COUNT);
    assertThat(segment.usual).hasSize(24 * SegmentMeasure.COUNT);
  }

  private void usualDays(int days) {
    for (int day = 0; day < days; day++) {
      at(day * DAY, 1000, 300);
      fold((day + 1) * DAY, start -> false);
    }
  }

  private void at(long start, long ofTotal, long ofSegment) {
    total.put(start, events(ofTotal));
    segment.put(start, events(ofSegment));
  }

  private void fold(long before, LongPredicate suspect) {
    var folded = total.foldedBefore(before, suspect);
    segment.fold(folded, total, before, before);
    total.fold(folded, total, before, before);
  }

  private double share(int hour) {
    return segment.share(total, SegmentMeasure.EVENTS, hour);
  }

  private static Measures events(long events) {
    Measures measures = new Measures();
    measures.events = events;
    return measures;
  }
}
