package io.millrace.jobs.enrich;

import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class EnrichRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RawRecord.class);
  }
}
