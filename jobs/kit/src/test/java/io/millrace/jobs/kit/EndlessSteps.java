package io.millrace.jobs.kit;

import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.source.SourceFunction;

/**
 * Numbers from a range, a bounded count of them between two checkpoints; then silence, but never an
 * end.
 */
@SuppressWarnings(
    "deprecation") // a new Source with a reader and an enumerator would be ten times this
final class EndlessSteps implements SourceFunction<Long>, CheckpointedFunction {
  private static final long serialVersionUID = 1L;

  private final long to;
  private final int perCheckpoint;
  private long next;
  private long allowed;
  private volatile boolean running = true;
  private transient ListState<Long> position;

  EndlessSteps(long from, long to, int perCheckpoint) {
    this.next = from;
    this.to = to;
    this.perCheckpoint = perCheckpoint;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    position =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("position", Types.LONG));
    for (long restored : position.get()) {
      next = restored;
    }
    allowed = next + perCheckpoint;
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    position.update(List.of(next));
    allowed = next + perCheckpoint;
  }

  @Override
  public void run(SourceContext<Long> out) throws Exception {
    while (running) {
      synchronized (out.getCheckpointLock()) {
        if (next < to && next < allowed) {
          out.collect(next++);
          continue;
        }
      }
      Thread.sleep(1);
    }
  }

  @Override
  public void cancel() {
    running = false;
  }
}
