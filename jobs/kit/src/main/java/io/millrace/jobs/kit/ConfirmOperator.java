package io.millrace.jobs.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Passes on what comes when the checkpoint that holds it is complete.
 *
 * <p>The lake forgets what a failed job wrote, the hot store does not: what a job may say otherwise
 * when it says it again must not be shown before. What is passed on and then forgotten by a failure
 * is passed on again, the same.
 */
public final class ConfirmOperator<T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T> {
  private static final long serialVersionUID = 1L;

  private final TypeInformation<T> type;
  private transient ListState<T> state;
  private transient TreeMap<Long, List<T>> unconfirmed;
  private transient List<T> sinceBarrier;

  public ConfirmOperator(TypeInformation<T> type) {
    this.type = type;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Cleared when the checkpoint that holds it is complete.
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("unconfirmed", type));
    unconfirmed = new TreeMap<>();
    sinceBarrier = new ArrayList<>();
    state.get().forEach(sinceBarrier::add);
  }

  @Override
  public void open() throws Exception {
    super.open();
    if (!sinceBarrier.isEmpty()) {
      // That there is a checkpoint to restore from says that it is complete.
      unconfirmed.put(Long.MIN_VALUE, sinceBarrier);
      sinceBarrier = new ArrayList<>();
      var service = getProcessingTimeService();
      service.registerTimer(service.getCurrentProcessingTime(), at -> confirm(Long.MIN_VALUE));
    }
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    sinceBarrier.add(element.getValue());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    unconfirmed.put(context.getCheckpointId(), sinceBarrier);
    sinceBarrier = new ArrayList<>();
    state.update(unconfirmed.values().stream().flatMap(List::stream).toList());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    confirm(checkpointId);
  }

  private void confirm(long checkpointId) {
    var confirmed = unconfirmed.headMap(checkpointId, true);
    confirmed.values().forEach(each -> each.forEach(this::pass));
    confirmed.clear();
  }

  /** Without checkpoints, nothing will be repeated either. */
  @Override
  public void finish() throws Exception {
    super.finish();
    confirm(Long.MAX_VALUE);
    sinceBarrier.forEach(this::pass);
    sinceBarrier.clear();
  }

  private void pass(T element) {
    output.collect(new StreamRecord<>(element));
  }
}
