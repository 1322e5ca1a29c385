package io.millrace.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HashIndexTest {
  @Property
  void keepsWhatAMapWouldKeep(@ForAll List<Long> hashes) {
    HashIndex index = new HashIndex();
    Map<Long, Long> expected = new HashMap<>();

    for (int i = 0; i < hashes.size(); i++) {
      long hash = hashes.get(i);
      boolean added = index.add(hash, i);
      assertThat(added).isEqualTo(expected.putIfAbsent(hash == 0 ? 1 : hash, (long) i) == null);
    }

    assertThat(index.size).isEqualTo(expected.size());
    expected.forEach(
        (hash, value) -> {
          assertThat(index.contains(hash)).isTrue();
          assertThat(index.valueOf(hash)).isEqualTo(value);
        });
  }

  @Test
  void holdsNothingAtFirst() {
    assertThat(new HashIndex().contains(0)).isFalse();
    assertThat(new HashIndex().contains(42)).isFalse();
  }

  @Test
  void packsAPlaceInKafkaWithoutLoss() {
    long place = KafkaPlace.pack(65_535, (1L << 48) - 1);

    assertThat(KafkaPlace.partition(place)).isEqualTo(65_535);
    assertThat(KafkaPlace.offset(place)).isEqualTo((1L << 48) - 1);
  }
}
