package io.millrace.jobs.conversions;

import io.millrace.jobs.kit.WriteBackCache;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The visitors seen last, in memory, in front of the keyed state. */
final class VisitorCache {
  private final ValueState<VisitorState> states;
  private final WriteBackCache<Visitor> visitors;

  /**
   * Null where the state backend keeps bytes: one that keeps objects must not share them with this
   * cache.
   */
  private final TypeSerializer<VisitorState> copier;

  VisitorCache(
      ValueState<VisitorState> states,
      Consumer<String> currentKey,
      long maxWeightBytes,
      TypeSerializer<VisitorState> copier) {
    this.states = states;
    this.visitors = new WriteBackCache<>(this::write, currentKey, maxWeightBytes);
    this.copier = copier;
  }

  /** The visitor of the current key; a new one if there is none. */
  Visitor visitor(String key) throws Exception {
    Visitor visitor = visitors.find(key);
    if (visitor == null) {
      VisitorState state = states.value();
      visitor = state == null ? new Visitor(key) : Visitor.of(key, copied(state));
      visitors.add(visitor);
      weigh(visitor);
    }
    return visitor;
  }

  /** To be called after a visitor has changed. */
  void changed(Visitor visitor) {
    visitor.setDirty();
    weigh(visitor);
  }

  /** Forgets the current key's visitor, here and in state. */
  void drop(Visitor visitor) {
    states.clear();
    visitors.remove(visitor);
  }

  /** Lets go of those not seen for longest until the weight is within its bound. */
  void evict(String keyInUse) throws Exception {
    visitors.evict(keyInUse);
  }

  /** Writes all changes to state. The current key is any afterwards. */
  void flush() throws Exception {
    visitors.flush();
  }

  private void write(Visitor visitor) throws Exception {
    states.update(copied(visitor.state()));
  }

  private VisitorState copied(VisitorState state) {
    return copier == null ? state : copier.copy(state);
  }

  private void weigh(Visitor visitor) {
    long weight = visitor.weightBytes();
    visitors.grow(visitor, weight - visitor.weighedBytes);
    visitor.weighedBytes = weight;
  }
}
