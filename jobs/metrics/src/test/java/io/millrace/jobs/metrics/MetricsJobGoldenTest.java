package io.millrace.jobs.metrics;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.JobGolden;
import io.millrace.jobs.kit.SessionChange;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class MetricsJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    MetricsJob.define(
        env.fromCollection(List.of(new Event()), Types.POJO(Event.class)).uid("test/events"),
        env.fromCollection(List.of(new SessionChange()), Types.POJO(SessionChange.class))
            .uid("test/sessions"),
        MetricOptions.DEFAULT);

    JobGolden.assertKept("metrics", env);
  }
}
