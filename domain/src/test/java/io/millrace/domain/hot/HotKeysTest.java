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
    assertThat(HotKeys.metrics("acme", "country", HotWindow.QUARTER, 900_000))
        .isEqualTo("millrace:acme:metrics:15m:900000:country");
    assertThat(HotKeys.top("acme", "entity.product", HotWindow.MINUTE, 60_000, false))
        .isEqualTo("millrace:acme:top:1m:60000:entity.product:human");
    assertThat(HotKeys.goals("acme", 900_000)).isEqualTo("millrace:acme:goals:15m:900000");
    assertThat(HotKeys.goalField(960_000, false, "a1b2", "buy:now"))
        .isEqualTo("960000:human:a1b2:buy:now");
    assertThat(HotKeys.funnelSteps("acme", 900_000)).isEqualTo("millrace:acme:funnels:15m:900000");
    assertThat(HotKeys.stepField(960_000, true, "a1b2", 2, "shop"))
        .isEqualTo("960000:bot:a1b2:2:shop");
    assertThat(HotKeys.conversion("acme", "c1")).isEqualTo("millrace:acme:conversion:c1");
    assertThat(HotKeys.conversions("acme")).isEqualTo("millrace:acme:conversions");
    assertThat(HotKeys.completeUpTo("acme")).isEqualTo("millrace:acme:complete-up-to");
  }

  @Test
  void partsBotsFromPeople() {
    assertThat(HotKeys.metricField("bot:DE", false)).isEqualTo("human:bot:DE");
    assertThat(HotKeys.metricField("DE", true)).isEqualTo("bot:DE");
    assertThat(HotKeys.metricValue("human:bot:DE")).isEqualTo("bot:DE");
  }

  @Test
  void readsTheJsonOfAStoredValueAndNullOfAWithdrawnOne() {
    assertThat(HotKeys.json("12 {\"a\": 1}")).isEqualTo("{\"a\": 1}");
    assertThat(HotKeys.json(Long.MAX_VALUE + " ")).isNull();
  }
}
