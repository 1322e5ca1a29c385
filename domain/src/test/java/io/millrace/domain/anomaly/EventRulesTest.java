package io.millrace.domain.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.anomaly.EventRules.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRulesTest {
  private static final long CADENCE_MILLIS = 900_000;
  private static final int PER_DAY = 96;
  private static final double CALM = -2.5;

  private final EventRules rules = new EventRules(true, new double[] {0});
  private long now;

  @Test
  void anEventIsOneAlarmAndRecoversAfterACalmHour() {
    quiet(20 * PER_DAY);

    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      outcomes.add(judge(4 + i));
    }
    for (int i = 0; i < 6; i++) {
      outcomes.add(judge(CALM));
    }

    assertThat(outcomes.subList(0, 2)).containsExactly(Outcome.ALARM, Outcome.WITHIN_EVENT);
    assertThat(outcomes).containsOnlyOnce(Outcome.ALARM);
    assertThat(outcomes.indexOf(Outcome.RECOVERED)).isEqualTo(9 + 4);
    assertThat(rules.active()).isFalse();
  }

  @Test
  void whatLastsForThreeDaysIsAccepted() {
    quiet(20 * PER_DAY);

    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 4 * PER_DAY && !outcomes.contains(Outcome.ACCEPTED); i++) {
      outcomes.add(judge(6));
    }

    assertThat(outcomes.get(0)).isEqualTo(Outcome.ALARM);
    assertThat(outcomes).hasSize(3 * PER_DAY + 2).endsWith(Outcome.ACCEPTED);
  }

  @Test
  void aPeakAsHighAsThoseOfOtherDaysIsNoNews() {
    for (int day = 0; day < 30; day++) {
      quiet(PER_DAY - 1);
      rules.learn(now, new double[] {1.5}, 0);
      now += CADENCE_MILLIS;
    }

    assertThat(judge(1.5)).isEqualTo(Outcome.QUIET);
    assertThat(judge(6)).isEqualTo(Outcome.ALARM);
  }

  @Test
  void theBarOfAnAlarmSinksOverDays() {
    quiet(20 * PER_DAY);
    judge(4);
    double first = rules.score();
    quiet(PER_DAY);

    Outcome soon = judge(4);
    quiet(9 * PER_DAY);
    Outcome later = judge(4);

    assertThat(first).isGreaterThan(Verdict.THRESHOLD);
    assertThat(soon).isEqualTo(Outcome.QUIET);
    assertThat(later).isEqualTo(Outcome.ALARM);
  }

  @Test
  void goesOnFromItsState() {
    quiet(15 * PER_DAY);
    judge(4);
    StateWriter out = new StateWriter();
    rules.write(out);

    EventRules restored = new EventRules(true, new double[] {0});
    StateReader in = new StateReader(out.bytes());
    restored.read(in);
    StateWriter again = new StateWriter();
    restored.write(again);

    assertThat(in.atEnd()).isTrue();
    assertThat(again.bytes()).isEqualTo(out.bytes());
    assertThat(restored.active()).isTrue();
  }

  private void quiet(int rows) {
    for (int i = 0; i < rows; i++) {
      judge(CALM);
    }
  }

  private Outcome judge(double surprise) {
    Outcome outcome = rules.judge(now, new double[] {surprise}, Surprise.NONE, 0);
    now += CADENCE_MILLIS;
    return outcome;
  }
}
