package io.millrace.alerts.service;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** The last mark of each writer in each partition, and the time that follows from them. */
final class Marks {
  private static final long NONE = Long.MIN_VALUE;

  private final Map<TopicPartition, long[]> byPartition = new HashMap<>();

  void take(TopicPartition partition, Mark mark) {
    long[] ofWriter = byPartition.get(partition);
    if (ofWriter == null || ofWriter.length != mark.writers()) {
      // Another number of subtasks writes since here: each of them has to speak first.
      ofWriter = new long[mark.writers()];
      Arrays.fill(ofWriter, NONE);
      byPartition.put(partition, ofWriter);
    }
    ofWriter[mark.writer()] = Math.max(ofWriter[mark.writer()], mark.completeUpToMillis());
  }

  /** The slowest of all; empty while any writer of any partition has not marked. */
  OptionalLong completeUpTo(Collection<TopicPartition> partitions) {
    return unmarked(partitions).isEmpty()
        ? partitions.stream().mapToLong(this::slowest).min()
        : OptionalLong.empty();
  }

  /** Partitions that hold time back. */
  List<TopicPartition> unmarked(Collection<TopicPartition> partitions) {
    List<TopicPartition> unmarked = new ArrayList<>(partitions);
    unmarked.removeIf(partition -> slowest(partition) != NONE);
    return unmarked;
  }

  private long slowest(TopicPartition partition) {
    return Arrays.stream(byPartition.getOrDefault(partition, new long[] {NONE})).min().getAsLong();
  }
}
