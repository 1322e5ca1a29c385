package io.millrace.jobs.enrich;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.jobs.kit.JobGolden;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class EnrichJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    EnrichJob.define(
        EnrichJob.source(env, "127.0.0.1:9092", "events.raw", "millrace"), OwnHosts.none());
    EnrichJob.refused(env, "127.0.0.1:9092", "events.dead-letter", "millrace")
        .print()
        .uid("test/sink");

    JobGolden.assertKept("enrich", env);
  }
}
