package io.millrace.jobs.conversions;

import static io.millrace.domain.event.TestEvents.START;
import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.funnel.FunnelStep;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.metric.MetricRules;
import io.millrace.jobs.kit.HotWrite;
import java.time.Duration;
import java.util.List;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HotCountsTest {
  private static final long HOT_MS = MetricRules.HOT_KEPT.toMillis();

  private HotCountsHarness hot;

  @BeforeEach
  void open() throws Exception {
    hot = new HotCountsHarness(t(0), null);
  }

  @AfterEach
  void close() throws Exception {
    hot.close();
  }

  @Test
  void countsAGoalAtOnceByMinuteVersionAndKindOfVisitor() throws Exception {
    hot.reached(conversion("buy", 1, 300));
    hot.reached(conversion("buy", 1, 200));
    hot.reached(conversion("buy", 2, 100));
    Conversion bot = conversion("buy", 2, 0);
    bot.bot = true;
    hot.reached(bot);
    Conversion edited = conversion("buy", 2, 0);
    edited.version = "v2";
    hot.reached(edited);

    assertThat(lines())
        .containsExactly(
            "1 buy v1 x1 300",
            "1 buy v1 x2 500",
            "2 buy v1 x1 100",
            "2 buy v1 x1 0",
            "2 buy v2 x1 0");
  }

  @Test
  void countsAStepWhenItsCheckpointIsCompleteAndTakesItBack() throws Exception {
    hot.step(change(RowKind.INSERT, 5));
    hot.checkpoint();
    assertThat(lines()).isEmpty();
    hot.step(change(RowKind.DELETE, 5));
    hot.step(change(RowKind.INSERT, 4));

    hot.confirmCheckpoint();
    assertThat(lines()).containsExactly("5 shop v1 step 2 x1");
    hot.checkpoint();
    hot.confirmCheckpoint();

    assertThat(lines()).containsExactly("5 shop v1 step 2 x0", "4 shop v1 step 2 x1");
  }

  @Test
  void aStepThatWaitedWhenTheJobFailedIsCountedOnce() throws Exception {
    hot.step(change(RowKind.INSERT, 5));
    HotCountsHarness.State state = hot.checkpoint();
    hot.confirmCheckpoint();
    assertThat(lines()).hasSize(1);

    try (HotCountsHarness restored = new HotCountsHarness(t(1), state)) {
      restored.advanceTo(t(1) + 1);

      assertThat(lines(restored)).containsExactly("5 shop v1 step 2 x1");
    }
  }

  @Test
  void whatIsRepeatedAfterAFailureIsNewer() throws Exception {
    HotCountsHarness.State state = hot.checkpoint();
    hot.reached(conversion("buy", 1, 0));
    hot.reached(conversion("buy", 1, 0));
    long shown = hot.take().get(1).changes;

    try (HotCountsHarness restored = new HotCountsHarness(t(1), state)) {
      restored.reached(conversion("buy", 1, 0));

      assertThat(restored.take().get(0).changes).isGreaterThan(shown);
    }
  }

  @Test
  void leavesNoStateAndNoTimerWhenTheHotStoreForgetsTheMinute() throws Exception {
    hot.reached(conversion("buy", 1, 0));
    assertThat(hot.stateEntries()).isEqualTo(1);

    hot.advanceTo(t(1) + HOT_MS);

    assertThat(hot.stateEntries()).isZero();
    assertThat(hot.timers()).isZero();
    hot.take();
    hot.reached(conversion("buy", 1, 0));
    assertThat(hot.take()).as("too old to be shown").isEmpty();
    assertThat(hot.stateEntries()).isZero();
  }

  @Test
  void keepsGoalsAndStepsInHashesOfAQuarterOfAnHour() throws Exception {
    HotCount goal = HotCount.of(conversion("buy", 16, 300));
    goal.changes = 7;
    HotCount step = HotCount.of(change(RowKind.INSERT, 16).step, 1);

    HotWrite ofGoal = new HotCounts().map(goal);
    HotWrite ofStep = new HotCounts().map(step);

    assertThat(ofGoal.key).isEqualTo("millrace:acme:goals:15m:" + t(15));
    assertThat(ofGoal.field).isEqualTo(t(16) + ":human:v1:buy");
    assertThat(ofGoal.version).isEqualTo(7);
    assertThat(ofGoal.value).isEqualTo("{\"conversions\":1,\"revenue_cents\":300}");
    assertThat(ofGoal.expiresAt).isEqualTo(t(15) + HOT_MS);
    assertThat(ofStep.key).isEqualTo("millrace:acme:funnels:15m:" + t(15));
    assertThat(ofStep.field).isEqualTo(t(16) + ":human:v1:2:shop");
    assertThat(ofStep.value)
        .isEqualTo("{\"reached\":1,\"step_name\":\"Buy\",\"scope\":\"session\"}");
  }

  @Test
  void keepsTheLatestConversionsOneByOne() throws Exception {
    HotWrite write = new HotConversions().map(conversion("buy", 16, 300));

    assertThat(write.key).isEqualTo("millrace:acme:conversion:c16");
    assertThat(write.value)
        .isEqualTo(
            "{\"conversion_id\":\"c16\",\"goal\":\"buy\",\"version\":\"v1\",\"visitor_id\":\"ann\","
                + "\"event_id\":\"e16\",\"occurred_at\":"
                + t(16)
                + ",\"revenue_cents\":300,\"currency\":null,\"bot\":false}");
    assertThat(write.index).isEqualTo("millrace:acme:conversions");
    assertThat(write.key).endsWith(write.member);
    assertThat(write.score).isEqualTo(t(16));
    assertThat(write.keep).isEqualTo(1_000);
    assertThat(write.expiresAt).isEqualTo(t(16) + HOT_MS);
  }

  private List<String> lines() {
    return lines(hot);
  }

  private static List<String> lines(HotCountsHarness from) {
    return from.take().stream()
        .map(
            count ->
                Duration.ofMillis(count.minute - START).toMinutes()
                    + " "
                    + count.name
                    + ' '
                    + count.version
                    + (count.step == 0
                        ? " x" + count.reached + ' ' + count.revenueCents
                        : " step " + count.step + " x" + count.reached))
        .toList();
  }

  private static Conversion conversion(String goal, long minute, long cents) {
    Conversion conversion = new Conversion();
    conversion.tenant = "acme";
    conversion.conversionId = "c" + minute;
    conversion.goal = goal;
    conversion.version = "v1";
    conversion.visitorId = "ann";
    conversion.eventId = "e" + minute;
    conversion.occurredAt = t(minute);
    conversion.revenueCents = cents;
    return conversion;
  }

  private static FunnelStepChange change(RowKind kind, long minute) {
    FunnelStep step = new FunnelStep();
    step.tenant = "acme";
    step.funnel = "shop";
    step.version = "v1";
    step.scope = "session";
    step.step = 2;
    step.stepName = "Buy";
    step.occurredAt = t(minute);
    return new FunnelStepChange(kind, step);
  }
}
