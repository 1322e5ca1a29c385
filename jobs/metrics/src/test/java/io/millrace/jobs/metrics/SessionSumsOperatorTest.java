package io.millrace.jobs.metrics;

import static io.millrace.domain.event.TestEvents.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.metric.Grouping;
import io.millrace.domain.metric.Measures;
import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionSumsOperatorTest {
  private SumsHarness<SessionChange> sums;

  @BeforeEach
  void open() throws Exception {
    sums = new SumsHarness<>(new SessionSumsOperator(), t(60));
  }

  @AfterEach
  void close() throws Exception {
    sums.close();
  }

  @Test
  void countsASessionInTheWindowInWhichItStarts() throws Exception {
    sums.process(change(RowKind.INSERT, t(14), t(40), 3));
    sums.barrier();

    assertThat(sums.output()).containsExactly("all 0 minute=none events=0 sessions=1 visitors=0");
    assertThat(all().sessionMs).isEqualTo(t(40) - t(14));
    assertThat(all().bounces).isZero();
  }

  @Test
  void takesBackWhatARestatedSessionHadAdded() throws Exception {
    sums.process(
        change(RowKind.INSERT, t(0), t(0), 1),
        change(RowKind.UPDATE_BEFORE, t(0), t(0), 1),
        change(RowKind.UPDATE_AFTER, t(0), t(10), 2));
    sums.barrier();

    assertThat(all().sessions).isEqualTo(1);
    assertThat(all().bounces).isZero();
    assertThat(all().sessionMs).isEqualTo(t(10) - t(0));
    assertThat(all().changes).isEqualTo(3);
  }

  @Test
  void takesAWithdrawnSessionOutOfItsOwnWindow() throws Exception {
    sums.process(change(RowKind.DELETE, t(20), t(20), 1), change(RowKind.INSERT, t(5), t(20), 2));
    sums.barrier();

    assertThat(sums.output())
        .containsExactlyInAnyOrder(
            "all 15 minute=none events=0 sessions=-1 visitors=0",
            "all 0 minute=none events=0 sessions=1 visitors=0");
  }

  @Test
  void countsASessionInEveryGroupingOfWhichItHasOneValue() throws Exception {
    sums.process(change(RowKind.INSERT, t(0), t(0), 1));
    sums.barrier();

    assertThat(sums.updates())
        .extracting(update -> update.grouping + '=' + update.value)
        .containsExactlyInAnyOrder(
            "all=all",
            "page=/landing",
            "channel=(none)",
            "source=(none)",
            "country=(none)",
            "device=(none)",
            "browser=(none)",
            "os=(none)");
  }

  @Test
  void partsBotsSessionsFromPeoples() throws Exception {
    SessionChange bot = change(RowKind.INSERT, t(0), t(0), 1);
    bot.session.bot = true;

    sums.process(bot, change(RowKind.INSERT, t(0), t(0), 1));
    sums.barrier();

    assertThat(sums.updates())
        .filteredOn(update -> update.grouping.equals(Grouping.ALL.label()))
        .extracting(update -> update.bot)
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void showsSessionsInTheHotStoreWhenTheirCheckpointIsComplete() throws Exception {
    sums.process(change(RowKind.INSERT, t(14), t(40), 3));
    sums.checkpoint();
    assertThat(sums.output()).containsExactly("all 0 minute=none events=0 sessions=1 visitors=0");

    sums.confirm();
    sums.confirm();

    assertThat(sums.output())
        .containsExactly(
            "all 0 minute=none events=0 sessions=1 visitors=0",
            "all hot 0 minute=14 events=0 sessions=1 visitors=0");
  }

  @Test
  void showsNothingOfACheckpointThatIsNotTheOneConfirmed() throws Exception {
    sums.process(change(RowKind.INSERT, t(14), t(40), 3));
    sums.checkpoint();
    sums.process(change(RowKind.INSERT, t(20), t(40), 3));
    sums.barrier();

    sums.confirmFirst();

    assertThat(sums.output()).filteredOn(line -> line.startsWith("all hot")).hasSize(1);
  }

  @Test
  void showsAfterARestoreWhatTheCheckpointHolds() throws Exception {
    sums.process(change(RowKind.INSERT, t(14), t(40), 3));
    OperatorSubtaskState checkpoint = sums.checkpoint();

    try (SumsHarness<SessionChange> restored =
        new SumsHarness<>(new SessionSumsOperator(), t(61), checkpoint)) {
      restored.advanceProcessingTime(Duration.ofMillis(1));
      assertThat(restored.output())
          .containsExactly("all hot 0 minute=14 events=0 sessions=1 visitors=0");

      OperatorSubtaskState next = restored.checkpoint();
      try (SumsHarness<SessionChange> again =
          new SumsHarness<>(new SessionSumsOperator(), t(62), next)) {
        again.advanceProcessingTime(Duration.ofMillis(1));
        assertThat(again.output()).isEmpty();
      }
    }
  }

  @Test
  void showsEverythingWhenTheInputEnds() throws Exception {
    sums.process(change(RowKind.INSERT, t(14), t(40), 3));

    sums.finish();

    assertThat(sums.output())
        .containsExactly(
            "all 0 minute=none events=0 sessions=1 visitors=0",
            "all hot 0 minute=14 events=0 sessions=1 visitors=0");
  }

  private Measures all() {
    List<MetricUpdate> all =
        sums.updates().stream().filter(update -> update.grouping.equals("all")).toList();
    assertThat(all).hasSize(1);
    return all.get(0).sums;
  }

  private static SessionChange change(RowKind kind, long startedAt, long endedAt, long pageViews) {
    Session session = new Session();
    session.tenant = "acme";
    session.visitorId = "ann";
    session.sessionId = "s" + startedAt;
    session.startedAt = startedAt;
    session.endedAt = endedAt;
    session.pageViews = pageViews;
    session.events = pageViews;
    session.entryPage = "/landing";
    return new SessionChange(kind, session);
  }
}
