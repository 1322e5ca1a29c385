package io.millrace.jobs.anomalies;

import io.millrace.jobs.kit.JobGolden;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class AnomaliesJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    AnomaliesJob.define(
        env.fromCollection(List.of(new SegmentWindow()), Types.POJO(SegmentWindow.class))
            .uid("test/windows"),
        AnomalyOptions.DEFAULT,
        new TenantCalendar(null));

    JobGolden.assertKept("anomalies", env);
  }
}
