package io.millrace.jobs.enrich;

import static io.millrace.jobs.enrich.RawRecords.EVENT;
import static io.millrace.jobs.enrich.RawRecords.NOW;
import static io.millrace.jobs.enrich.RawRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.domain.channel.OwnHosts;
import io.millrace.domain.event.Event;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class EnrichFunctionTest {
  @Test
  void givesEachRecordExactlyOneWayAndCountsIt() throws Exception {
    RawRecordReader reader = new RawRecordReader();
    reader.open(null);
    InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
    try (OneInputStreamOperatorTestHarness<RawRecord, Event> enrich =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new EnrichFunction(OwnHosts.none())),
            new MockEnvironmentBuilder().setMetricGroup(task(metrics)).build())) {
      enrich.getExecutionConfig().disableGenericTypes();
      enrich.setup(
          Types.POJO(Event.class)
              .createSerializer(enrich.getExecutionConfig().getSerializerConfig()));
      enrich.open();
      Random random = new Random(3);
      int[] expected = new int[3];
      for (int i = 0; i < 300; i++) {
        int way = random.nextInt(3);
        expected[way]++;
        enrich.processElement(
            new StreamRecord<>(
                reader.read(
                    way == 0
                        ? record(EVENT)
                        : way == 1
                            ? record("no json")
                            : record((byte[]) null, "heartbeat", Long.toString(NOW)))));
      }

      assertThat(enrich.extractOutputValues()).hasSize(expected[0]);
      assertThat(enrich.getSideOutput(EnrichFunction.DEAD_LETTERS)).hasSize(expected[1]);
      assertThat(List.of("events_total", "dead_letters_total", "heartbeats_total"))
          .extracting(name -> ((Counter) metrics.get(name)).getCount())
          .containsExactly((long) expected[0], (long) expected[1], (long) expected[2]);
    }
  }

  @Test
  void fillsInWhatAnEventImplies() throws Exception {
    RawRecordReader reader = new RawRecordReader();
    reader.open(null);
    try (OneInputStreamOperatorTestHarness<RawRecord, Event> enrich =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new EnrichFunction(OwnHosts.none())))) {
      enrich.setup(
          Types.POJO(Event.class)
              .createSerializer(enrich.getExecutionConfig().getSerializerConfig()));
      enrich.open();

      enrich.processElement(new StreamRecord<>(reader.read(record(EVENT))));

      Event event = enrich.extractOutputValues().get(0);
      assertThat(event.pagePath).isEqualTo("/x");
      assertThat(event.trafficSource).isEqualTo("mail");
      assertThat(event.channel).isNotNull();
    }
  }

  private static TaskMetricGroup task(InternalOperatorMetricGroup operator) {
    return new InterceptingTaskMetricGroup() {
      @Override
      public InternalOperatorMetricGroup getOrAddOperator(OperatorID id, String name) {
        return operator;
      }
    };
  }
}
