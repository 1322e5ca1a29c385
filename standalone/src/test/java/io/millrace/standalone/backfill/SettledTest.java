package io.millrace.standalone.backfill;

import static io.millrace.standalone.backfill.TestTables.DAY;
import static io.millrace.standalone.backfill.TestTables.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions start at full hours and take one. */
class SettledTest {
  private static final long GAP = Duration.ofMinutes(30).toMillis();

  @TempDir Path folder;
  private Table table;
  private TableRows rows;

  @BeforeEach
  void create() {
    table = TestTables.sessions(folder);
    rows = TestTables.rows(table);
  }

  @Test
  void aSessionIsSettledAMinuteAfterItMustHaveClosed() {
    long closesAt = hour(2) + GAP + Settled.CLOSES_WITHIN_MS;

    assertThat(settled(closesAt).sessions(List.of(missing("ann", 1)), rows).settled()).hasSize(1);
    Settled.Sifted early = settled(closesAt - 1).sessions(List.of(missing("ann", 1)), rows);
    assertThat(early.settled()).isEmpty();
    assertThat(early.unsettled()).isEqualTo(1);
  }

  @Test
  void sessionsOfAVisitorOfWhomAnEventCameLatelyAreLeftToThePlatform() {
    Settled settled = new Settled(hour(100), GAP, Set.of("t|ann"), Set.of());

    Settled.Sifted sifted = settled.sessions(List.of(missing("ann", 1), missing("bob", 1)), rows);

    assertThat(sifted.settled())
        .extracting(difference -> difference.key)
        .allMatch(key -> key.endsWith("bob@1"));
    assertThat(sifted.unsettled()).isEqualTo(1);
  }

  @Test
  void windowsInWhichALeftSessionStartsAreLeftAsWell() {
    Settled settled = new Settled(hour(100), GAP, Set.of("t|ann"), Set.of("t|" + hour(7)));
    List<Difference> windows =
        List.of(missing("w", 1), missing("w", 2), missing("w", 7), missing("w", 99));
    settled.sessions(List.of(missing("ann", 1)), rows);

    // A window is a row with a tenant and a start; those of sessions serve as well.
    Settled.Sifted sifted = settled.metrics(windows, rows);

    assertThat(sifted.settled())
        .extracting(difference -> difference.key.substring(difference.key.indexOf('@')))
        .containsExactly("@2", "@99");
    assertThat(sifted.unsettled()).isEqualTo(2);
  }

  @Test
  void aSelectionTakesItsVisitorsAndTheWindowsInWhichTheirSessionsStart() {
    Selection selection = Selection.of(Set.of("t|ann"), Set.of("t|" + hour(7)));

    assertThat(selection.sessions(List.of(missing("ann", 1), missing("bob", 2)), rows)).hasSize(1);
    assertThat(selection.metrics(List.of(missing("w", 1), missing("w", 2), missing("w", 7)), rows))
        .extracting(difference -> difference.key.substring(difference.key.indexOf('@')))
        .containsExactly("@1", "@7");
  }

  private Settled settled(long arrivedBefore) {
    return new Settled(arrivedBefore, GAP, Set.of(), Set.of());
  }

  private Difference missing(String visitor, int hour) {
    return Difference.of(List.of(TestTables.recomputed(table, session(visitor, hour, 1, 1))));
  }

  private static long hour(int hour) {
    return DAY + Duration.ofHours(hour).toMillis();
  }
}
