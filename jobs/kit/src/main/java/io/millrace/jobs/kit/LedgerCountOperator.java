package io.millrace.jobs.kit;

import io.millrace.domain.ledger.LedgerRules;
import io.millrace.domain.ledger.LedgerStage;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts the records that pass by, per tenant and minute of arrival, and hands the counts on before
 * each checkpoint's barrier.
 *
 * <p>So the ledger of a checkpoint holds exactly the records of that checkpoint, and costs a few
 * entries instead of one a record. It keeps no state, as nothing is left after the barrier.
 */
public final class LedgerCountOperator<T> extends AbstractStreamOperator<LedgerEntry>
    implements OneInputStreamOperator<T, LedgerEntry>, LedgerReading.Counts {
  private static final long serialVersionUID = 1L;
  private static final int MAX_GROUPS = 20_000;

  private record Group(String tenant, long minute, LedgerStage stage, int partition) {}

  private final LedgerReading<T> reading;
  private transient Map<Group, LedgerEntry> entries;

  LedgerCountOperator(LedgerReading<T> reading) {
    this.reading = reading;
  }

  /**
   * Counts a stream's records.
   *
   * @param stage for the operator's name
   * @param uid of the operator, a promise to every savepoint
   */
  public static <T> DataStream<LedgerEntry> count(
      DataStream<T> records, LedgerReading<T> reading, String stage, String uid) {
    return records
        .transform(
            "Count " + stage, Types.POJO(LedgerEntry.class), new LedgerCountOperator<>(reading))
        .uid(uid);
  }

  @Override
  public void open() throws Exception {
    super.open();
    entries = new HashMap<>();
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    reading.read(element.getValue(), this);
    if (entries.size() >= MAX_GROUPS) {
      flush();
    }
  }

  @Override
  public void add(LedgerStage stage, String tenant, long receivedAt) {
    entry(stage, tenant, receivedAt, LedgerEntry.NO_PARTITION).records++;
  }

  @Override
  public void addRead(
      LedgerStage stage, String tenant, long receivedAt, int partition, long appendedAt) {
    LedgerEntry entry = entry(stage, tenant, receivedAt, partition);
    entry.records++;
    entry.appendedAt = Math.max(entry.appendedAt, appendedAt);
  }

  private LedgerEntry entry(LedgerStage stage, String tenant, long receivedAt, int partition) {
    String owner = tenant == null ? LedgerRules.NO_TENANT : tenant;
    return entries.computeIfAbsent(
        new Group(owner, LedgerRules.minute(receivedAt), stage, partition),
        group -> {
          LedgerEntry entry = new LedgerEntry();
          entry.tenant = group.tenant;
          entry.minute = group.minute;
          entry.stage = group.stage.label();
          entry.partition = group.partition;
          return entry;
        });
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  private void flush() {
    entries.values().forEach(entry -> output.collect(new StreamRecord<>(entry)));
    entries.clear();
  }
}
