package io.millrace.jobs.ledger;

import static io.millrace.domain.ledger.LedgerStage.DUPLICATE;
import static io.millrace.domain.ledger.LedgerStage.RECEIVED;
import static io.millrace.domain.ledger.LedgerStage.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.ledger.LedgerRules;
import io.millrace.domain.ledger.LedgerStage;
import io.millrace.jobs.kit.HotWrite;
import io.millrace.jobs.kit.LedgerEntry;
import io.millrace.jobs.kit.ReleasedState;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two Kafka partitions; times are seconds since noon. */
class LedgerOperatorTest {
  private static final long NOON = 1_782_043_200_000L;
  private static final int PARTITIONS = 2;

  private KeyedOneInputStreamOperatorTestHarness<String, LedgerEntry, LedgerChange> harness;
  private long checkpoints;

  @BeforeEach
  void open() throws Exception {
    open(null);
  }

  private void open(OperatorSubtaskState restored) throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new LedgerOperator(PARTITIONS),
            entry -> LedgerOperator.key(entry.tenant, entry.minute),
            Types.STRING);
    harness.getExecutionConfig().disableGenericTypes();
    harness.setup(
        Types.POJO(LedgerChange.class)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void writesAMinuteWhenEveryPartitionHasBeenReadBeyondIt() throws Exception {
    received("shop", 3, 0, 30);
    received("shop", 2, 1, 59);
    add("shop", STORED, 4, 30);
    add("shop", DUPLICATE, 1, 59);
    heartbeat(0, 65);
    checkpoint();
    assertThat(changes()).isEmpty();

    heartbeat(1, 65);
    checkpoint();

    assertThat(changes())
        .containsExactlyInAnyOrder(
            "+I shop 0 received=5 r1", "+I shop 0 stored=4 r1", "+I shop 0 duplicate=1 r1");
  }

  @Test
  void writesOnlyBeforeABarrierSoThatWhatIsWrittenBalances() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);

    // The count of what was stored is still on its way.
    assertThat(changes()).isEmpty();
    add("shop", STORED, 1, 30);
    checkpoint();

    assertThat(changes())
        .containsExactlyInAnyOrder("+I shop 0 received=1 r1", "+I shop 0 stored=1 r1");
  }

  @Test
  void waitsForAPartitionOfWhichNothingWasReadYet() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 500);

    checkpoint();

    assertThat(changes()).isEmpty();
  }

  @Test
  void restatesAMinuteToWhichSomethingIsAdded() throws Exception {
    received("shop", 1, 0, 30);
    add("shop", STORED, 1, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    checkpoint();

    received("shop", 1, 1, 31, 70);
    add("shop", STORED, 1, 31);
    checkpoint();
    checkpoint();

    assertThat(changes())
        .containsExactlyInAnyOrder(
            "+I shop 0 received=1 r1",
            "+I shop 0 stored=1 r1",
            "-U shop 0 received=1 r1",
            "+U shop 0 received=2 r2",
            "-U shop 0 stored=1 r1",
            "+U shop 0 stored=2 r2");
  }

  @Test
  void keepsTenantsApart() throws Exception {
    received("shop", 1, 0, 1);
    received("news|de", 1, 1, 1);
    heartbeat(0, 65);
    heartbeat(1, 65);

    checkpoint();

    assertThat(changes())
        .containsExactlyInAnyOrder("+I shop 0 received=1 r1", "+I news|de 0 received=1 r1");
  }

  @Test
  void goesOnAfterARestoreWithOpenMinutesAndWithWrittenOnes() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    checkpoint();
    received("shop", 1, 0, 70);
    OperatorSubtaskState state = checkpoint();
    harness.close();

    open(state);
    received("shop", 1, 0, 31, 80);
    heartbeat(0, 125);
    heartbeat(1, 125);
    checkpoint();

    assertThat(changes())
        .containsExactlyInAnyOrder(
            "-U shop 0 received=1 r1",
            "+U shop 0 received=2 r2",
            "+I shop 1 received=1 r1",
            "+I - 1 received=2 r1",
            "+I - 1 heartbeat=2 r1");
  }

  @Test
  void goesOnFromWhatReleaseOneLeft() throws Exception {
    OperatorSubtaskState left =
        ReleasedState.of(
            "0.1",
            "ledger-minutes",
            () -> {
              received("shop", 1, 0, 30);
              heartbeat(0, 65);
              heartbeat(1, 65);
              checkpoint();
              received("shop", 1, 0, 70);
              return checkpoint();
            });
    harness.close();

    open(left);
    received("shop", 1, 0, 31, 80);
    heartbeat(0, 125);
    heartbeat(1, 125);
    checkpoint();

    assertThat(changes())
        .contains("-U shop 0 received=1 r1", "+U shop 0 received=2 r2", "+I shop 1 received=1 r1");
  }

  @Test
  void leavesNoStateAndNoTimerOnceNothingCanRestateTheMinute() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    checkpoint();
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);

    long later = LedgerRules.KEPT.toSeconds() + 65;
    received("shop", 1, 0, later);
    received("shop", 1, 1, later);
    checkpoint();

    // Of that later minute, and of the two heartbeats' minute, which is one later than the first.
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
    assertThat(changes()).contains("+I - 1 heartbeat=2 r1");
  }

  @Test
  void saysUpToWhenATenantIsCompleteOnceTheLakeHasSurelyGotIt() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    complete(checkpoint());
    // The minute's checkpoint is complete; its commit to the lake may be going on.
    assertThat(completeUpTo()).isEmpty();

    complete(checkpoint());
    assertThat(completeUpTo()).containsExactlyInAnyOrder("shop 1", "- 1");
    complete(checkpoint());
    assertThat(completeUpTo()).as("said once").hasSize(2);

    // A silent tenant is complete as well: had anything come, it would have been read.
    heartbeat(0, 190);
    heartbeat(1, 184);
    complete(checkpoint());
    complete(checkpoint());
    assertThat(completeUpTo()).containsExactlyInAnyOrder("shop 1", "- 1", "shop 2", "- 2");
  }

  @Test
  void aCheckpointThatFailsLeavesWhatIsCompleteToTheNextOnes() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    checkpoint();
    checkpoint();
    assertThat(completeUpTo()).isEmpty();

    complete(checkpoint());

    assertThat(completeUpTo()).containsExactlyInAnyOrder("shop 1", "- 1");
  }

  @Test
  void knowsItsTenantsAfterARestoreUntilNothingOfThemCanBeRestated() throws Exception {
    received("shop", 1, 0, 30);
    heartbeat(0, 65);
    heartbeat(1, 65);
    OperatorSubtaskState state = checkpoint();
    harness.close();

    open(state);
    complete(checkpoint());
    complete(checkpoint());
    assertThat(completeUpTo()).containsExactlyInAnyOrder("shop 1", "- 1");
    long later = LedgerRules.KEPT.toSeconds() + 125;
    heartbeat(0, later);
    heartbeat(1, later);
    complete(checkpoint());
    complete(checkpoint());

    assertThat(completeUpTo())
        .hasSize(3)
        .last()
        .isEqualTo("- " + Duration.ofSeconds(later - 5).toMinutes());
  }

  @Test
  void theHotStoreKeepsThePointInTimeUnderTheTenant() throws Exception {
    HotWrite write = new HotFreshness().map(new CompleteUpTo("shop", NOON));

    assertThat(write.key).isEqualTo("millrace:shop:complete-up-to");
    assertThat(write.version).isEqualTo(NOON);
    assertThat(write.value).isEqualTo("{\"complete_up_to\":" + NOON + "}");
    assertThat(write.expiresAt).isEqualTo(NOON + Duration.ofHours(48).toMillis());
  }

  @Test
  void isNotMovedByTheWatermarkOfEventTime() throws Exception {
    received("shop", 1, 0, 30);
    harness.processWatermark(NOON + 1_000_000);

    checkpoint();

    assertThat(changes()).isEmpty();
  }

  private void received(String tenant, long records, int partition, long atSeconds)
      throws Exception {
    received(tenant, records, partition, atSeconds, atSeconds);
  }

  private void received(
      String tenant, long records, int partition, long atSeconds, long appendedAtSeconds)
      throws Exception {
    LedgerEntry entry = entry(tenant, RECEIVED, records, atSeconds);
    entry.partition = partition;
    entry.appendedAt = NOON + appendedAtSeconds * 1000;
    harness.processElement(new StreamRecord<>(entry));
  }

  private void heartbeat(int partition, long atSeconds) throws Exception {
    add(LedgerRules.NO_TENANT, LedgerStage.HEARTBEAT, 1, atSeconds);
    received(LedgerRules.NO_TENANT, 1, partition, atSeconds);
  }

  private void add(String tenant, LedgerStage stage, long records, long atSeconds)
      throws Exception {
    harness.processElement(new StreamRecord<>(entry(tenant, stage, records, atSeconds)));
  }

  private static LedgerEntry entry(String tenant, LedgerStage stage, long records, long atSeconds) {
    LedgerEntry entry = new LedgerEntry();
    entry.tenant = tenant;
    entry.minute = LedgerRules.minute(NOON + atSeconds * 1000);
    entry.stage = stage.label();
    entry.records = records;
    return entry;
  }

  private OperatorSubtaskState checkpoint() throws Exception {
    harness.prepareSnapshotPreBarrier(++checkpoints);
    return harness.snapshot(checkpoints, 0);
  }

  private void complete(OperatorSubtaskState checkpoint) throws Exception {
    assertThat(checkpoint).isNotNull();
    harness.notifyOfCompletedCheckpoint(checkpoints);
  }

  /** Tenant, and minutes since noon. */
  private List<String> completeUpTo() {
    var said = harness.getSideOutput(LedgerOperator.COMPLETE);
    return said == null
        ? List.of()
        : said.stream()
            .map(StreamRecord::getValue)
            .map(each -> each.tenant + ' ' + (each.at - NOON) / LedgerRules.MINUTE_MS)
            .toList();
  }

  private List<String> changes() {
    return harness.extractOutputValues().stream()
        .map(
            change ->
                change.rowKind().shortString()
                    + ' '
                    + change.tenant
                    + ' '
                    + (change.minute - NOON) / LedgerRules.MINUTE_MS
                    + ' '
                    + change.stage
                    + '='
                    + change.events
                    + " r"
                    + change.revision)
        .toList();
  }
}
