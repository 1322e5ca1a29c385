package io.millrace.jobs.ledger;

import io.millrace.domain.ledger.LedgerRules;
import io.millrace.jobs.kit.LedgerEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.OutputTag;

/**
 * Keeps the counts of each tenant's minute and writes them when the minute is complete.
 *
 * <p>Its time is that of arrival: how far the slowest Kafka partition has been read. Rows are
 * written before a checkpoint's barrier only. Then all counts of that checkpoint are here, so what
 * is written balances unless a record was lost; and it is committed with the events it counts.
 *
 * <p>Up to when all is complete is said one checkpoint later: by then the lake's commits are done,
 * and so are the writes to the hot store that wait for a checkpoint.
 */
final class LedgerOperator extends AbstractStreamOperator<LedgerChange>
    implements OneInputStreamOperator<LedgerEntry, LedgerChange>,
        Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<CompleteUpTo> COMPLETE =
      new OutputTag<>("complete-up-to", Types.POJO(CompleteUpTo.class));

  private final int partitions;

  private transient MapState<String, LedgerCount> counts;
  private transient ListState<PartitionProgress> progress;
  private transient ListState<SeenTenant> tenants;
  private transient Map<String, Long> seenIn;

  /** What is complete in the lake when the checkpoint after this one is. */
  private transient TreeMap<Long, Long> completeAfter;

  private transient long said;
  private transient Map<Integer, Long> appendedAt;
  private transient Set<String> restated;
  private transient InternalTimerService<VoidNamespace> timers;

  LedgerOperator(int partitions) {
    this.partitions = partitions;
  }

  static String key(String tenant, long minute) {
    return tenant + '|' + minute;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Never cleared: a number for each Kafka partition.
    progress =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("progress", Types.POJO(PartitionProgress.class)));
    appendedAt = new HashMap<>();
    for (PartitionProgress each : progress.get()) {
      appendedAt.put(each.partition, each.appendedAt);
    }
    // An entry is cleared KEPT after the tenant's last minute.
    tenants =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("tenants", Types.POJO(SeenTenant.class)));
    seenIn = new HashMap<>();
    for (SeenTenant each : tenants.get()) {
      seenIn.put(each.tenant, each.minute);
    }
    completeAfter = new TreeMap<>();
    said = Long.MIN_VALUE;
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Cleared when what arrives is KEPT later than the minute.
    counts =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("counts", Types.STRING, Types.POJO(LedgerCount.class)));
    timers = getInternalTimerService("minutes", VoidNamespaceSerializer.INSTANCE, this);
    restated = new LinkedHashSet<>();
  }

  @Override
  public void processElement(StreamRecord<LedgerEntry> element) throws Exception {
    LedgerEntry entry = element.getValue();
    seenIn.merge(entry.tenant, entry.minute, Math::max);
    LedgerCount count = counts.get(entry.stage);
    if (count == null) {
      count = new LedgerCount();
    }
    count.events += entry.records;
    counts.put(entry.stage, count);

    long completeAt = LedgerRules.completeAt(entry.minute);
    if (completeAt <= timers.currentWatermark()) {
      restated.add((String) getCurrentKey());
    } else {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, completeAt);
    }
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, completeAt + LedgerRules.KEPT.toMillis());
    if (entry.partition != LedgerEntry.NO_PARTITION) {
      appendedAt.merge(entry.partition, entry.appendedAt, Math::max);
    }
  }

  /** The watermarks that come are of event time, which says nothing of arrival. */
  @Override
  public void processWatermark(Watermark ofEventTime) {}

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    for (String key : restated) {
      setCurrentKey(key);
      write(key);
    }
    restated.clear();

    if (appendedAt.size() >= partitions) {
      long readTo = Collections.min(appendedAt.values());
      if (readTo > timers.currentWatermark()) {
        super.processWatermark(new Watermark(readTo));
      }
      completeAfter.put(checkpointId, LedgerRules.completeUpTo(readTo));
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    var before = completeAfter.headMap(checkpointId, false);
    if (before.isEmpty()) {
      return;
    }
    long complete = before.lastEntry().getValue();
    before.clear();
    if (complete > said) {
      said = complete;
      for (String tenant : seenIn.keySet()) {
        output.collect(COMPLETE, new StreamRecord<>(new CompleteUpTo(tenant, complete)));
      }
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    if (timer.getTimestamp() == LedgerRules.completeAt(minute(timer.getKey()))) {
      write(timer.getKey());
    } else {
      counts.clear();
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("No timer of processing time is ever set: " + timer);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<PartitionProgress> all = new ArrayList<>();
    appendedAt.forEach(
        (partition, at) -> {
          PartitionProgress each = new PartitionProgress();
          each.partition = partition;
          each.appendedAt = at;
          all.add(each);
        });
    progress.update(all);

    long gone = timers.currentWatermark() - LedgerRules.KEPT.toMillis();
    List<SeenTenant> seen = new ArrayList<>();
    seenIn.values().removeIf(minute -> minute < gone);
    seenIn.forEach(
        (tenant, minute) -> {
          SeenTenant each = new SeenTenant();
          each.tenant = tenant;
          each.minute = minute;
          seen.add(each);
        });
    tenants.update(seen);
  }

  private void write(String key) throws Exception {
    for (Map.Entry<String, LedgerCount> each : counts.entries()) {
      LedgerCount count = each.getValue();
      if (count.events == count.written) {
        continue;
      }
      if (count.revision > 0) {
        emit(RowKind.UPDATE_BEFORE, key, each.getKey(), count);
      }
      count.revision++;
      count.written = count.events;
      emit(count.revision == 1 ? RowKind.INSERT : RowKind.UPDATE_AFTER, key, each.getKey(), count);
      each.setValue(count);
    }
  }

  private void emit(RowKind kind, String key, String stage, LedgerCount count) {
    LedgerChange change = new LedgerChange();
    change.kind = kind.toByteValue();
    change.tenant = key.substring(0, key.lastIndexOf('|'));
    change.minute = minute(key);
    change.stage = stage;
    change.events = count.written;
    change.revision = count.revision;
    output.collect(new StreamRecord<>(change));
  }

  private static long minute(String key) {
    return Long.parseLong(key.substring(key.lastIndexOf('|') + 1));
  }
}
