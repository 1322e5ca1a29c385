package io.millrace.jobs.dimensions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationSlotTest {
  @ParameterizedTest
  @CsvSource({
    "reserved,true,false",
    "extended,true,false",
    "unreserved,false,false",
    "lost,false,true"
  })
  void saysWhetherChangesMayBeThrownAwayOrAreGone(String walStatus, boolean safe, boolean lost) {
    ReplicationSlot slot = new ReplicationSlot(walStatus, 0, false);

    assertThat(slot.isSafe()).isEqualTo(safe);
    assertThat(slot.isLost()).isEqualTo(lost);
  }
}
