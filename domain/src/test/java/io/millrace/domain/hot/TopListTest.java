package io.millrace.domain.hot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.hot.TopList.Entry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopListTest {
  @Test
  void sumsWindowsAndOrdersByCountThenName() {
    TopList list = new TopList();
    list.add(Map.of("/a", 3L, "/b", 1L), 10);
    list.add(Map.of("/b", 4L, "/c", 5L, "/d", 3L), 10);

    assertThat(list.top(3))
        .containsExactly(new Entry("/b", 5, 5), new Entry("/c", 5, 5), new Entry("/a", 3, 3));
    assertThat(list.top(3)).allMatch(Entry::isExact);
    assertThat(list.unlistedAtMost()).isZero();
  }

  @Test
  void saysHowMuchAWindowThatKeepsNoMoreMayHaveLeftOut() {
    TopList list = new TopList();
    list.add(Map.of("/a", 9L, "/b", 2L), 2);
    list.add(Map.of("/a", 1L, "/c", 4L), 2);

    assertThat(list.top(10))
        .containsExactly(new Entry("/a", 10, 10), new Entry("/c", 4, 6), new Entry("/b", 2, 3));
    assertThat(list.unlistedAtMost()).isEqualTo(3);
  }

  @Test
  void theTruthAlwaysLiesBetweenTheBounds() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int kept = 1 + random.nextInt(20);
      Map<String, Long> truth = new HashMap<>();
      TopList list = new TopList();
      for (int window = 0; window < 10; window++) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < random.nextInt(300); i++) {
          counts.merge("/" + (int) Math.abs(random.nextGaussian() * 30), 1L, Long::sum);
        }
        counts.forEach((value, count) -> truth.merge(value, count, Long::sum));
        Map<String, Long> listed = new LinkedHashMap<>();
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(kept)
            .forEach(each -> listed.put(each.getKey(), each.getValue()));
        list.add(listed, kept);
      }

      for (Entry entry : list.top(Integer.MAX_VALUE)) {
        assertThat(truth.remove(entry.value())).isBetween(entry.atLeast(), entry.atMost());
      }
      assertThat(truth.values()).allMatch(count -> count <= list.unlistedAtMost());
    }
  }
}
