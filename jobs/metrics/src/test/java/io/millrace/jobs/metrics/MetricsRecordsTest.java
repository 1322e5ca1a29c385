package io.millrace.jobs.metrics;

import io.millrace.domain.metric.Measures;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class MetricsRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(MetricUpdate.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(MetricRow.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(MetricWindow.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Measures.class);
  }
}
