package io.millrace.jobs.sessions;

import io.millrace.jobs.kit.WriteBackCache;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The visitors seen last, in memory, in front of the keyed state. */
final class VisitorCache {
  private final ValueState<VisitorIndex> indexes;
  private final MapState<Integer, StoredSession> sessions;
  private final WriteBackCache<Visitor> visitors;

  /**
   * Null where the state backend keeps bytes: one that keeps objects must not share them with this
   * cache.
   */
  private final TypeSerializer<StoredSession> copier;

  VisitorCache(
      ValueState<VisitorIndex> indexes,
      MapState<Integer, StoredSession> sessions,
      Consumer<String> currentKey,
      long maxWeightBytes,
      TypeSerializer<StoredSession> copier) {
    this.indexes = indexes;
    this.sessions = sessions;
    this.visitors = new WriteBackCache<>(this::write, currentKey, maxWeightBytes);
    this.copier = copier;
  }

  /** The visitor with this key, which is the current one; a new one if there is none. */
  Visitor visitor(String key) throws Exception {
    Visitor visitor = visitors.find(key);
    if (visitor == null) {
      VisitorIndex index = indexes.value();
      visitor = index == null ? new Visitor(key) : Visitor.of(key, index);
      visitors.add(visitor);
    }
    return visitor;
  }

  /** The content of one of the current visitor's sessions. */
  StoredSession stored(Visitor visitor, Slot slot) throws Exception {
    if (slot.stored == null) {
      slot.stored = copied(sessions.get(slot.number));
      weigh(visitor, slot);
    }
    return slot.stored;
  }

  /** To be called after a session's content has changed. */
  void changed(Visitor visitor, Slot slot) {
    slot.dirty = true;
    visitor.setDirty();
    weigh(visitor, slot);
  }

  /** Forgets a session of the current visitor, here and in state. */
  void drop(Visitor visitor, Slot slot) throws Exception {
    sessions.remove(slot.number);
    visitor.slots.remove(slot);
    visitor.setDirty();
    visitors.grow(visitor, -slot.weightBytes);
  }

  /** Forgets the current visitor, who has no session left, here and in state. */
  void drop(Visitor visitor) {
    indexes.clear();
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
    indexes.update(visitor.index());
    for (Slot slot : visitor.slots) {
      if (slot.dirty) {
        sessions.put(slot.number, copied(slot.stored));
        slot.dirty = false;
      }
    }
  }

  private StoredSession copied(StoredSession stored) {
    return copier == null ? stored : copier.copy(stored);
  }

  private void weigh(Visitor visitor, Slot slot) {
    int weight = slot.stored.content.weightBytes();
    visitors.grow(visitor, weight - slot.weightBytes);
    slot.weightBytes = weight;
  }
}
