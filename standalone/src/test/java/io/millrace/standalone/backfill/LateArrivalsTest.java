package io.millrace.standalone.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.standalone.backfill.LateArrivals.Arrival;
import io.millrace.standalone.backfill.LateArrivals.Found;
import io.millrace.standalone.backfill.LateArrivals.Neighbours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LateArrivalsTest {
  private static final long KEPT = Duration.ofDays(7).toMillis();
  private static final long GAP = Duration.ofMinutes(30).toMillis();
  private static final long T0 = Instant.parse("2024-03-01T10:00:00Z").toEpochMilli();

  /** Minutes and days: where the neighbour lies and when it came, where and when the late one. */
  static Stream<Arguments> pairs() {
    return Stream.of(
        arguments("came together", 0, 0, 10, 0, false, false),
        arguments("came within the week", 0, 0, 10, 6, false, false),
        arguments("came after the week, in session and window", 0, 0, 10, 8, true, true),
        arguments("came after the week, exactly a gap after", 0, 0, 30, 8, true, false),
        arguments("came after the week, exactly a gap before", 40, 0, 10, 8, true, false),
        arguments("came after the week, in another session", 0, 0, 31, 8, false, false),
        arguments("an import of the old, all at once", 0, 3_000, 10, 3_000, false, false),
        arguments("an old one that an import follows", 0, 0, 10, 3_000, true, true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void anEventIsLateWhenOneNearItCameLongerBeforeThanStateIsKept(
      String name,
      long nearMinute,
      long nearDay,
      long minute,
      long day,
      boolean forSession,
      boolean forWindow) {
    Neighbours neighbours = new Neighbours(KEPT, GAP);
    Arrival late = arrival(minute, day);
    neighbours.candidate("t", "ann", late);
    neighbours.neighbour("t", "ann", late);
    neighbours.neighbour("t", "ann", arrival(nearMinute, nearDay));

    Found found = neighbours.late();

    assertThat(found.visitors()).isEqualTo(forSession ? Set.of("t|ann") : Set.of());
    assertThat(found.windows()).hasSize(forWindow ? 1 : 0);
    assertThat(found.events()).isEqualTo(forSession || forWindow ? 1 : 0);
  }

  @Test
  void anotherVisitorsEventConcernsTheWindowOnly() {
    Neighbours neighbours = new Neighbours(KEPT, GAP);
    neighbours.candidate("t", "ann", arrival(10, 8));
    neighbours.neighbour("t", "ann", arrival(10, 8));
    neighbours.neighbour("t", "bob", arrival(0, 0));
    neighbours.neighbour("other", "ann", arrival(9, 0));

    Found found = neighbours.late();

    assertThat(found.visitors()).isEmpty();
    assertThat(found.windows()).containsExactly("t|" + T0);
  }

  @Test
  void theWholeSessionIsRecomputedFromItsFirstEventToItsLast() {
    Neighbours neighbours = new Neighbours(KEPT, GAP);
    neighbours.candidate("t", "ann", arrival(40, 9));
    for (long minute : List.of(-40L, 0L, 20L, 40L, 65L, 100L)) {
      neighbours.neighbour("t", "ann", arrival(minute, minute == 40 ? 9 : 0));
    }

    assertThat(neighbours.late().sessions()).containsExactly(new TimeRange(at(0), at(65) + 1));
  }

  @Test
  void rangesThatAreNearAreRecomputedTogether() {
    assertThat(
            LateArrivals.merged(
                List.of(
                    new TimeRange(100, 110),
                    new TimeRange(0, 10),
                    new TimeRange(12, 13),
                    new TimeRange(5, 7)),
                1,
                5))
        .containsExactly(new TimeRange(-1, 14), new TimeRange(99, 111));
  }

  private static Arrival arrival(long minute, long day) {
    return new Arrival(at(minute), at(minute) + Duration.ofDays(day).toMillis());
  }

  private static long at(long minute) {
    return T0 + Duration.ofMinutes(minute).toMillis();
  }
}
