package io.millrace.jobs.ledger;

import io.millrace.jobs.kit.JobGolden;
import io.millrace.jobs.kit.LedgerEntry;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class LedgerJobGoldenTest {
  @Test
  void keepsWhatItPromisedToEverySavepoint() throws Exception {
    Configuration strict = new Configuration();
    strict.set(PipelineOptions.GENERIC_TYPES, false);
    strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);

    LedgerJob.define(
        env.fromCollection(List.of(new LedgerEntry()), Types.POJO(LedgerEntry.class))
            .uid("test/entries"),
        4);

    JobGolden.assertKept("ledger", env);
  }
}
