package io.millrace.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateRulesTest {
  @Test
  void aRateOfNothingIsNone() {
    assertThat(RateRules.funnelRate(0, 3)).isNaN();
    assertThat(RateRules.goalRate(0, 3)).isNaN();
    assertThat(RateRules.deadLetterRatio(0, 0)).isNaN();
  }

  @Test
  void noMoreThanAllGetThroughAFunnelButAGoalMayBeReachedAgain() {
    assertThat(RateRules.funnelRate(4, 1)).isEqualTo(0.25);
    assertThat(RateRules.funnelRate(4, 5)).isEqualTo(1);
    assertThat(RateRules.goalRate(4, 1)).isEqualTo(0.25);
    assertThat(RateRules.goalRate(4, 5)).isEqualTo(1.25);
    assertThat(RateRules.deadLetterRatio(200, 10)).isEqualTo(0.05);
  }
}
