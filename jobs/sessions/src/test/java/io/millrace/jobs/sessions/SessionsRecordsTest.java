package io.millrace.jobs.sessions;

import io.millrace.domain.session.HashIndex;
import io.millrace.domain.session.SessionContent;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class SessionsRecordsTest {
  @Test
  void flinkTreatsEveryRecordAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(Duplicate.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(LiveSession.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(VisitorIndex.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(StoredSession.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SessionContent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(HashIndex.class);
  }
}
