package io.millrace.jobs.kit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The keys used last, in memory, in front of an operator's keyed state.
 *
 * <p>Reading and writing RocksDB for each record is what a keyed operator spends most of its time
 * on. So changes gather here and go to the state when a key is evicted and, all of them, before
 * each checkpoint's barrier: what a checkpoint holds is complete, and what a failure loses from
 * here is replayed. The weight is bounded in bytes, as one key can weigh more than ten thousand
 * others. Not thread-safe: it lives in one operator's mailbox thread.
 */
public final class WriteBackCache<E extends WriteBackCache.Entry> {
  /** What is kept of one key. */
  public abstract static class Entry {
    private final String key;
    private boolean dirty;
    private long weightBytes;

    /**
     * @param key the operator's current key
     * @param weightBytes what this takes in memory, at least about
     */
    protected Entry(String key, long weightBytes) {
      this.key = key;
      this.weightBytes = weightBytes;
    }

    public final String key() {
      return key;
    }

    /** To be called when this differs from what the state has. */
    public final void setDirty() {
      dirty = true;
    }
  }

  /** Puts what the entry holds into the state of the current key, which is the entry's. */
  public interface StateWriter<E> {
    void write(E entry) throws Exception;
  }

  private final StateWriter<E> state;
  private final Consumer<String> currentKey;
  private final long maxWeightBytes;
  private final LinkedHashMap<String, E> entries = new LinkedHashMap<>(1024, 0.75f, true);
  private long weightBytes;

  /**
   * A cache that is empty.
   *
   * @param currentKey makes a key the operator's current one
   * @param maxWeightBytes bound of the weight of all entries
   */
  public WriteBackCache(StateWriter<E> state, Consumer<String> currentKey, long maxWeightBytes) {
    this.state = state;
    this.currentKey = currentKey;
    this.maxWeightBytes = maxWeightBytes;
  }

  /** The key's entry, or null when it has to be read from state. */
  public E find(String key) {
    return entries.get(key);
  }

  /** Takes an entry for a key that has none here. */
  public void add(E entry) {
    entries.put(entry.key(), entry);
    weightBytes += ((Entry) entry).weightBytes;
  }

  /** Forgets an entry, unwritten. */
  public void remove(E entry) {
    entries.remove(entry.key());
    weightBytes -= ((Entry) entry).weightBytes;
  }

  /** To be called when an entry has become heavier, or lighter if less than 0. */
  public void grow(E entry, long byBytes) {
    ((Entry) entry).weightBytes += byBytes;
    weightBytes += byBytes;
  }

  /**
   * Writes back and lets go of those not used for longest until the weight is within its bound.
   *
   * @param keyInUse stays here, and is the current key afterwards
   */
  public void evict(String keyInUse) throws Exception {
    if (weightBytes <= maxWeightBytes) {
      return;
    }
    Iterator<Map.Entry<String, E>> oldest = entries.entrySet().iterator();
    while (weightBytes > maxWeightBytes && oldest.hasNext()) {
      E entry = oldest.next().getValue();
      if (entry.key().equals(keyInUse)) {
        continue;
      }
      write(entry);
      oldest.remove();
      weightBytes -= ((Entry) entry).weightBytes;
    }
    currentKey.accept(keyInUse);
  }

  /** Writes all changes to state. The current key is any afterwards. */
  public void flush() throws Exception {
    for (E entry : entries.values()) {
      write(entry);
    }
  }

  private void write(E entry) throws Exception {
    if (((Entry) entry).dirty) {
      currentKey.accept(entry.key());
      state.write(entry);
      ((Entry) entry).dirty = false;
    }
  }
}
