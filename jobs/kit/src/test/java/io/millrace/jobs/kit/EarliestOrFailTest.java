package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EarliestOrFailTest {
  private final EarliestOrFail offsets = new EarliestOrFail();

  @Test
  void startsAtTheEarliestOffset() {
    TopicPartition partition = new TopicPartition("events.raw", 0);

    assertThat(offsets.getPartitionOffsets(List.of(partition), null))
        .containsEntry(partition, KafkaPartitionSplit.EARLIEST_OFFSET);
  }

  @Test
  void failsWhereACheckpointsOffsetIsGone() {
    assertThat(offsets.getAutoOffsetResetStrategy()).isEqualTo(OffsetResetStrategy.NONE);
  }
}
