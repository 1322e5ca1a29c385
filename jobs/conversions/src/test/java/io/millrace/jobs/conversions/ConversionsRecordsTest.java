package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.FunnelMatch;
import io.millrace.domain.definitions.GoalMatch;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.goal.Conversion;
import io.millrace.domain.goal.Touch;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class ConversionsRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(DefinitionsSet.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(MatchedEvent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(GoalMatch.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(FunnelMatch.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Touch.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Candidate.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(VisitorState.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(ConversionChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(CreditChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(FunnelStepChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Conversion.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(HotCount.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RateChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RateCount.class);
  }
}
