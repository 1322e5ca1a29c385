package io.millrace.jobs.kit;

import io.millrace.domain.event.Event;
import io.millrace.domain.session.Session;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class KitRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Event.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(DeadLetter.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SessionChange.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Session.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(HotWrite.class);
  }
}
