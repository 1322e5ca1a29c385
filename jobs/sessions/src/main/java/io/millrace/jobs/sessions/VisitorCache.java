package io.millrace.jobs.sessions;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * The visitors seen last, in memory, in front of the keyed state.
 *
 * <p>Reading and writing RocksDB for each event is what a sessionizer spends most of its time on.
 * So changes gather here and go to the state when a visitor is evicted and, all of them, before
 * each checkpoint's barrier: what a checkpoint holds is complete, and what a failure loses from
 * here is replayed. The weight is bounded in bytes, as one visitor can weigh more than ten thousand
 * others. Not thread-safe: it lives in one operator's mailbox thread.
 */
final class VisitorCache {
  private final ValueState<VisitorIndex> indexes;
  private final MapState<Integer, StoredSession> sessions;
  private final Consumer<String> currentKey;
  private final long maxWeightBytes;

  /**
   * Null where the state backend keeps bytes: one that keeps objects must not share them with this
   * cache.
   */
  private final TypeSerializer<StoredSession> copier;

  private final LinkedHashMap<String, Visitor> visitors = new LinkedHashMap<>(1024, 0.75f, true);
  private long weightBytes;

  VisitorCache(
      ValueState<VisitorIndex> indexes,
      MapState<Integer, StoredSession> sessions,
      Consumer<String> currentKey,
      long maxWeightBytes,
      TypeSerializer<StoredSession> copier) {
    this.indexes = indexes;
    this.sessions = sessions;
    this.currentKey = currentKey;
    this.maxWeightBytes = maxWeightBytes;
    this.copier = copier;
  }

  /** The visitor with this key, which is the current one; a new one if there is none. */
  Visitor visitor(String key) throws Exception {
    Visitor visitor = visitors.get(key);
    if (visitor == null) {
      VisitorIndex index = indexes.value();
      visitor = index == null ? new Visitor(key) : Visitor.of(key, index);
      visitors.put(key, visitor);
      weightBytes += visitor.weightBytes;
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
    visitor.dirty = true;
    weigh(visitor, slot);
  }

  /** Forgets a session of the current visitor, here and in state. */
  void drop(Visitor visitor, Slot slot) throws Exception {
    sessions.remove(slot.number);
    visitor.slots.remove(slot);
    visitor.dirty = true;
    visitor.weightBytes -= slot.weightBytes;
    weightBytes -= slot.weightBytes;
  }

  /** Forgets the current visitor, who has no session left, here and in state. */
  void drop(Visitor visitor) {
    indexes.clear();
    visitors.remove(visitor.key);
    weightBytes -= visitor.weightBytes;
  }

  /** Writes back and lets go of those not seen for longest until the weight is within its bound. */
  void evict(String keyInUse) throws Exception {
    if (weightBytes <= maxWeightBytes) {
      return;
    }
    Iterator<Map.Entry<String, Visitor>> oldest = visitors.entrySet().iterator();
    while (weightBytes > maxWeightBytes && oldest.hasNext()) {
      Visitor visitor = oldest.next().getValue();
      if (visitor.key.equals(keyInUse)) {
        continue;
      }
      write(visitor);
      oldest.remove();
      weightBytes -= visitor.weightBytes;
    }
    currentKey.accept(keyInUse);
  }

  /** Writes all changes to state. The current key is any afterwards. */
  void flush() throws Exception {
    for (Visitor visitor : visitors.values()) {
      write(visitor);
    }
  }

  private void write(Visitor visitor) throws Exception {
    if (!visitor.dirty) {
      return;
    }
    currentKey.accept(visitor.key);
    indexes.update(visitor.index());
    for (Slot slot : visitor.slots) {
      if (slot.dirty) {
        sessions.put(slot.number, copied(slot.stored));
        slot.dirty = false;
      }
    }
    visitor.dirty = false;
  }

  private StoredSession copied(StoredSession stored) {
    return copier == null ? stored : copier.copy(stored);
  }

  private void weigh(Visitor visitor, Slot slot) {
    int weight = slot.stored.content.weightBytes();
    int added = weight - slot.weightBytes;
    slot.weightBytes = weight;
    visitor.weightBytes += added;
    weightBytes += added;
  }
}
