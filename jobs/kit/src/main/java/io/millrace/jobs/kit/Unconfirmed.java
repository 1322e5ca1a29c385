package io.millrace.jobs.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;

/**
 * What an operator holds back until the checkpoint that holds it is complete.
 *
 * <p>The lake forgets what a failed job wrote, the hot store does not: what a job may say otherwise
 * when it says it again must not be shown before. What is passed on and then forgotten by a failure
 * is passed on again, the same.
 */
public final class Unconfirmed<T> {
  /** The checkpoint of what was restored: that there is one to restore from says it is complete. */
  public static final long RESTORED = Long.MIN_VALUE;

  private final ListState<T> state;
  private final TreeMap<Long, List<T>> byCheckpoint = new TreeMap<>();
  private List<T> sinceBarrier = new ArrayList<>();

  /** To be made when the operator's state is initialised. */
  public Unconfirmed(StateInitializationContext context, TypeInformation<T> type) throws Exception {
    // Cleared when the checkpoint that holds it is complete.
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("unconfirmed", type));
    List<T> restored = new ArrayList<>();
    state.get().forEach(restored::add);
    if (!restored.isEmpty()) {
      byCheckpoint.put(RESTORED, restored);
    }
  }

  /** Whether {@link #RESTORED} is to be confirmed as soon as the operator can pass something on. */
  public boolean hasRestored() {
    return byCheckpoint.containsKey(RESTORED);
  }

  public void add(T element) {
    sinceBarrier.add(element);
  }

  /** To be called when the state is snapshotted. */
  public void snapshot(long checkpointId) throws Exception {
    byCheckpoint.put(checkpointId, sinceBarrier);
    sinceBarrier = new ArrayList<>();
    state.update(byCheckpoint.values().stream().flatMap(List::stream).toList());
  }

  /** Passes on what this complete checkpoint and those before it hold. */
  public void confirm(long checkpointId, Consumer<T> to) {
    var confirmed = byCheckpoint.headMap(checkpointId, true);
    confirmed.values().forEach(elements -> elements.forEach(to));
    confirmed.clear();
  }

  /** Passes on everything: at the end of a run without checkpoints nothing will be repeated. */
  public void confirmAll(Consumer<T> to) {
    confirm(Long.MAX_VALUE, to);
    sinceBarrier.forEach(to);
    sinceBarrier = new ArrayList<>();
  }
}
