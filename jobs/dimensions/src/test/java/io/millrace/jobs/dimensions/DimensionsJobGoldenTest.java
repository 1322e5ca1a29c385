package io.millrace.jobs.dimensions;

import io.millrace.jobs.kit.JobGolden;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class DimensionsJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);
    DimensionSource source = new DimensionSource("127.0.0.1", 9, "shop", "millrace", "", "shop");

    DimensionsJob.define(DimensionsJob.source(env, source, Duration.ofSeconds(30)));

    JobGolden.assertKept("dimensions", env);
  }
}
