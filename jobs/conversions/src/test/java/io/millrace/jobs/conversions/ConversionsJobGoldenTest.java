package io.millrace.jobs.conversions;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.JobGolden;
import io.millrace.jobs.kit.SessionChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class ConversionsJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    ConversionsJob.Results results =
        ConversionsJob.define(
            env.fromCollection(List.of(new Event()), Types.POJO(Event.class)).uid("test/events"),
            new DefinitionsSet(),
            ConversionsJob.definitions(env, Path.of("definitions"), Duration.ofSeconds(5)),
            ConversionOptions.DEFAULT);
    ConversionsJob.rates(
        results,
        env.fromCollection(List.of(new SessionChange()), Types.POJO(SessionChange.class))
            .uid("test/sessions"));

    JobGolden.assertKept("conversions", env);
  }
}
