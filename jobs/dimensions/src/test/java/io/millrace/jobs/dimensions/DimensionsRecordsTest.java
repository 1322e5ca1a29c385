package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.DimensionChange;
import io.millrace.domain.dimension.DimensionVersion;
import io.millrace.domain.dimension.KeptDimension;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class DimensionsRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(DimensionChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(DimensionVersion.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(KeptDimension.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(VersionChange.class);
  }
}
