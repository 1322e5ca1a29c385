package io.millrace.jobs.programs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Makes records of news for a topic that other programs than Flink's read, and marks that say up to
 * when all of them are there: {@code {"complete_up_to": ms, "writer": 0, "writers": 1}} in every
 * partition, at most one a second of event time.
 *
 * <p>It has no state: a mark that was lost with a failure is followed by the next one, and what is
 * written twice has the same key and revision.
 */
final class NewsOperator<T> extends AbstractStreamOperator<HandoverRecord>
    implements OneInputStreamOperator<T, HandoverRecord> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MARK_EVERY_MILLIS = 1_000;

  private final NewsRecords<T> records;
  private final String kafka;
  private final String topic;

  private int partitions;
  private long marked = Long.MIN_VALUE;

  /**
   * @param kafka the brokers; they are asked for the topic's partitions when the operator starts
   */
  NewsOperator(NewsForm<T> form, String kafka, String topic) {
    this.records = new NewsRecords<>(form);
    this.kafka = kafka;
    this.topic = topic;
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void open() throws Exception {
    super.open();
    partitions = Topics.partitions(kafka, topic);
  }

  @Override
  public void processElement(StreamRecord<T> element) throws Exception {
    output.collect(new StreamRecord<>(records.map(element.getValue())));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (marked == Long.MIN_VALUE || mark.getTimestamp() - MARK_EVERY_MILLIS >= marked) {
      marked = mark.getTimestamp();
      for (int partition = 0; partition < partitions; partition++) {
        output.collect(new StreamRecord<>(mark(partition)));
      }
    }
    super.processWatermark(mark);
  }

  private HandoverRecord mark(int partition) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("complete_up_to", marked);
    json.put("writer", getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    json.put("writers", getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
    HandoverRecord record = new HandoverRecord();
    record.partition = partition;
    record.value = JSON.writeValueAsBytes(json);
    return record;
  }
}
