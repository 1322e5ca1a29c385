package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class JobGoldenTest {
  private final StreamExecutionEnvironment env =
      StreamExecutionEnvironment.getExecutionEnvironment();
  private final DataStream<Long> source =
      env.fromCollection(List.of(1L), Types.LONG).uid("test/source");

  @Test
  void refusesAnOperatorWithoutAUid() {
    source.map(number -> number).returns(Types.LONG).name("Nameless");

    assertThatThrownBy(() -> JobGolden.describe(env))
        .hasMessage(
            "Operator \"Nameless\" has no uid; give it one, as a savepoint finds an operator's"
                + " state by it");
  }

  @Test
  void listsOperatorsByTheirUid() throws Exception {
    env.setMaxParallelism(128);
    source.map(number -> number).returns(Types.LONG).name("Second").uid("job/b");
    source.map(number -> number).returns(Types.LONG).name("First").uid("job/a");

    assertThat(JobGolden.describe(env))
        .isEqualTo(
            """
            max parallelism: 128
            operator job/a
              name: First
            operator job/b
              name: Second
            """);
  }

  @Test
  void saysWhatAChangeBreaksAndHowToDecideIt() {
    source.map(number -> number).returns(Types.LONG).name("First").uid("job/a");

    assertThatThrownBy(() -> JobGolden.assertKept("no-such-job", env))
        .hasMessageContaining(
            "The job no-such-job no longer has the operators and states of"
                + " src/test/resources/golden/no-such-job.txt.")
        .hasMessageContaining(
            "A changed uid, state name or state type breaks every savepoint of this job: undo it,"
                + " or decide it, write it into CHANGELOG.md and regenerate the file with"
                + " -Dmillrace.golden.write=true");
  }
}
