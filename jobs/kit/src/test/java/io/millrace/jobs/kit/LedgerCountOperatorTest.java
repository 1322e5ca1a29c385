package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.ledger.LedgerStage;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts texts {@code tenant:second}, each read from partition 3. */
class LedgerCountOperatorTest {
  private OneInputStreamOperatorTestHarness<String, LedgerEntry> harness;

  @BeforeEach
  void open() throws Exception {
    TypeInformation<LedgerEntry> entries = Types.POJO(LedgerEntry.class);
    LedgerReading<String> reading =
        (text, counts) -> {
          String[] parts = text.split(":", 2);
          long at = Long.parseLong(parts[1]) * 1000;
          String tenant = parts[0].isEmpty() ? null : parts[0];
          counts.addRead(LedgerStage.RECEIVED, tenant, at, 3, at + 1);
          if (tenant == null) {
            counts.add(LedgerStage.HEARTBEAT, tenant, at);
          }
        };
    harness = new OneInputStreamOperatorTestHarness<>(new LedgerCountOperator<>(reading));
    harness.setup(entries.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void countsPerTenantAndMinuteUntilTheNextBarrier() throws Exception {
    process("shop:1", "shop:59", "shop:60", "news:2");
    assertThat(harness.extractOutputValues()).isEmpty();

    harness.prepareSnapshotPreBarrier(1);
    harness.prepareSnapshotPreBarrier(2);

    assertThat(lines())
        .containsExactlyInAnyOrder(
            "shop 0 received=2 from 3 read to 59001",
            "shop 60000 received=1 from 3 read to 60001",
            "news 0 received=1 from 3 read to 2001");
  }

  @Test
  void countsWhatNamesNoTenantTogether() throws Exception {
    process(":1", ":2");

    harness.prepareSnapshotPreBarrier(1);

    assertThat(lines())
        .containsExactlyInAnyOrder(
            "- 0 received=2 from 3 read to 2001", "- 0 heartbeat=2 from -1 read to 0");
  }

  @Test
  void handsEarlyOnWhatWouldTakeTooMuchMemory() throws Exception {
    for (int tenant = 0; tenant < 20_001; tenant++) {
      process("t" + tenant + ":1");
    }

    assertThat(harness.extractOutputValues()).hasSize(20_000);
  }

  private void process(String... texts) throws Exception {
    for (String text : texts) {
      harness.processElement(new StreamRecord<>(text));
    }
  }

  private List<String> lines() {
    return harness.extractOutputValues().stream()
        .map(
            entry ->
                entry.tenant
                    + ' '
                    + entry.minute
                    + ' '
                    + entry.stage
                    + '='
                    + entry.records
                    + " from "
                    + entry.partition
                    + " read to "
                    + entry.appendedAt)
        .toList();
  }
}
