package io.millrace.jobs.ledger;

import io.millrace.jobs.kit.LedgerEntry;
import io.millrace.jobs.kit.MeasureRow;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class LedgerRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(LedgerEntry.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(LedgerChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(LedgerCount.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(PartitionProgress.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SeenTenant.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(CompleteUpTo.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(MeasureRow.class);
  }
}
