package io.millrace.jobs.kit;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Passes on what comes when the checkpoint that holds it is complete: see {@link Unconfirmed}. */
public final class ConfirmOperator<T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T> {
  private static final long serialVersionUID = 1L;

  private final TypeInformation<T> type;
  private transient Unconfirmed<T> unconfirmed;

  public ConfirmOperator(TypeInformation<T> type) {
    this.type = type;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    unconfirmed = new Unconfirmed<>(context, type);
  }

  @Override
  public void open() throws Exception {
    super.open();
    if (unconfirmed.hasRestored()) {
      var service = getProcessingTimeService();
      service.registerTimer(
          service.getCurrentProcessingTime(),
          at -> unconfirmed.confirm(Unconfirmed.RESTORED, this::pass));
    }
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    unconfirmed.add(element.getValue());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    unconfirmed.snapshot(context.getCheckpointId());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    unconfirmed.confirm(checkpointId, this::pass);
  }

  @Override
  public void finish() throws Exception {
    super.finish();
    unconfirmed.confirmAll(this::pass);
  }

  private void pass(T element) {
    output.collect(new StreamRecord<>(element));
  }
}
