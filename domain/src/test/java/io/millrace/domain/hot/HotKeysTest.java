package io.millrace.domain.hot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotKeysTest {
  @Test
  void namesEveryKeyAfterItsTenant() {
    assertThat(HotKeys.session("acme", "s1")).isEqualTo("millrace:acme:session:s1");
    assertThat(HotKeys.sessions("acme")).isEqualTo("millrace:acme:sessions");
    assertThat(HotKeys.metrics("acme", "country", 60_000))
        .isEqualTo("millrace:acme:metrics:1m:60000:country");
  }

  @Test
  void partsBotsFromPeople() {
    assertThat(HotKeys.metricField("bot:DE", false)).isEqualTo("human:bot:DE");
    assertThat(HotKeys.metricField("DE", true)).isEqualTo("bot:DE");
  }

  @Test
  void readsTheJsonOfAStoredValueAndNullOfAWithdrawnOne() {
    assertThat(HotKeys.json("12 {\"a\": 1}")).isEqualTo("{\"a\": 1}");
    assertThat(HotKeys.json(Long.MAX_VALUE + " ")).isNull();
  }
}
