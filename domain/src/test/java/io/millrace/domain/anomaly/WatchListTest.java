package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WatchListTest {
  private static final long DAY = Surprise.DAY_MILLIS;

  private final WatchList list = new WatchList();
  private final List<String> dropped = new ArrayList<>();

  @Test
  void theLargestAreWatchedHoweverManyThereAre() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      int value = (int) (1 / (0.0005 + random.nextDouble())); // few large ones, 2,000 small ones
      list.count("v" + value, 10, i * DAY / 1_000, 3, dropped);
    }

    assertThat(watched()).containsExactlyInAnyOrder("v1", "v2", "v3");
    assertThat(list.candidates).hasSize(15);
    assertThat(dropped).isNotEmpty();
  }

  @Test
  void aSmallValueIsNotWatchedUntilItHasGrown() {
    WatchList.Role small = list.count("x", 299, 0, 3, dropped);

    WatchList.Role grown = list.count("x", 1, 0, 3, dropped);

    assertThat(small).isEqualTo(WatchList.Role.CANDIDATE);
    assertThat(grown).isEqualTo(WatchList.Role.WATCHED);
  }

  @Test
  void anotherIsWatchedInsteadOnceItHasHalfAsMuchAgain() {
    list.count("a", 1_000, 0, 1, dropped);

    WatchList.Role close = list.count("b", 1_499, 0, 1, dropped);
    WatchList.Role ahead = list.count("b", 1, 0, 1, dropped);

    assertThat(close).isEqualTo(WatchList.Role.CANDIDATE);
    assertThat(ahead).isEqualTo(WatchList.Role.WATCHED);
    assertThat(watched()).containsExactly("b");
  }

  @Test
  void whatIsAWeekOldCountsHalf() {
    list.count("old", 4_000, 0, 1, dropped);

    list.count("new", 2_999, 7 * DAY, 1, dropped);
    List<String> before = watched();
    list.count("new", 2, 7 * DAY, 1, dropped);

    assertThat(before).containsExactly("old");
    assertThat(watched()).containsExactly("new");
  }

  private List<String> watched() {
    return Arrays.stream(list.candidates).filter(one -> one.watched).map(one -> one.value).toList();
  }
}
