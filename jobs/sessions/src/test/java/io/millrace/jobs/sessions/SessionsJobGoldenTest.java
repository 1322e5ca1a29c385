package io.millrace.jobs.sessions;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.JobGolden;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class SessionsJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    SessionsJob.define(
        env.fromCollection(List.of(new Event()), Types.POJO(Event.class)).uid("test/events"),
        SessionOptions.DEFAULT);

    JobGolden.assertKept("sessions", env);
  }
}
