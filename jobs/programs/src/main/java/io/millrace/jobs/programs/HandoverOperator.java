package io.millrace.jobs.programs;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Makes records for the topic, and before each checkpoint a mark for each of its partitions, that
 * says how far time is. So another job has the same time, also of a partition that is silent.
 *
 * <p>Marks are written by the writer of the records, in the same transaction: all that was written
 * before a mark is before it in its partition. It has no state: a mark that was lost with a failure
 * is followed by the next one.
 */
final class HandoverOperator<T> extends AbstractStreamOperator<HandoverRecord>
    implements OneInputStreamOperator<T, HandoverRecord> {
  private static final long serialVersionUID = 1L;

  private final KeySelector<T, String> key;
  private final int partitions;

  private long watermark = Long.MIN_VALUE;

  HandoverOperator(KeySelector<T, String> key, int partitions) {
    this.key = key;
    this.partitions = partitions;
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void processElement(StreamRecord<T> element) throws Exception {
    HandoverRecord record = new HandoverRecord();
    record.key = key.getKey(element.getValue()).getBytes(StandardCharsets.UTF_8);
    record.value = HandoverJson.write(element.getValue());
    output.collect(new StreamRecord<>(record));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermark = mark.getTimestamp();
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    if (watermark == Long.MIN_VALUE) {
      return;
    }
    for (int partition = 0; partition < partitions; partition++) {
      HandoverRecord mark = new HandoverRecord();
      mark.partition = partition;
      mark.writer = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      mark.writers = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
      mark.watermark = watermark;
      output.collect(new StreamRecord<>(mark));
    }
  }
}
