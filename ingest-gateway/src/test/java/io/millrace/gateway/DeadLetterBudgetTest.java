package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.access.WriteKey;
import org.junit.jupiter.api.Test;

class DeadLetterBudgetTest {
  private static final WriteKey WEB = new WriteKey("acme", "web", false, false);
  private static final WriteKey APP = new WriteKey("acme", "app", false, false);
  private static final long HOUR = 3_600_000L;

  @Test
  void keepsSoManyPerKeyAndHour() {
    DeadLetterBudget budget = new DeadLetterBudget(2);

    assertThat(budget.take(WEB, 0)).isTrue();
    assertThat(budget.take(WEB, 1)).isTrue();
    assertThat(budget.take(WEB, HOUR - 1)).isFalse();
    assertThat(budget.take(APP, HOUR - 1)).isTrue();
    assertThat(budget.take(WEB, HOUR)).isTrue();
  }
}
