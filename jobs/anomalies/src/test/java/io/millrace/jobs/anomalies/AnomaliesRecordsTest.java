package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.SegmentHistory;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomaliesRecordsTest {
  @ParameterizedTest
  @ValueSource(
      classes = {SegmentWindow.class, VerdictRow.class, OpenEvent.class, SegmentHistory.class})
  void flinkTreatsEveryRecordAsAPojo(Class<?> record) {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(record);
  }
}
