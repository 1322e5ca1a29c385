package io.millrace.domain.session;

/**
 * A set of 64-bit hashes, each with one long beside it.
 *
 * <p>Open addressing with linear probing in two primitive arrays, at most three quarters full; the
 * hash 0 marks an empty place and is itself kept as 1. It is our own, and not a library's, because
 * it lives in Flink state: there it must be a POJO of primitive arrays, which Flink can write fast
 * and evolve.
 */
public final class HashIndex {
  /** Hashes by place, 0 where empty; null while the index is empty. */
  public long[] hashes;

  /** What belongs to the hash in the same place. */
  public long[] values;

  public int size;

  /** Adds the hash with its value, unless the hash is there already; says whether it was added. */
  public boolean add(long hash, long value) {
    if (hashes == null) {
      hashes = new long[4];
      values = new long[4];
    } else if ((size + 1) * 4L > hashes.length * 3L) {
      grow();
    }

    int place = place(hash);
    if (hashes[place] != 0) {
      return false;
    }

    hashes[place] = occupied(hash);
    values[place] = value;
    size++;
    return true;
  }

  public boolean contains(long hash) {
    return hashes != null && hashes[place(hash)] != 0;
  }

  /** The value beside the hash, which must be there. */
  public long valueOf(long hash) {
    return values[place(hash)];
  }

  /** Adds everything of the other index. */
  public void addAll(HashIndex other) {
    for (int i = 0; other.hashes != null && i < other.hashes.length; i++) {
      if (other.hashes[i] != 0) {
        add(other.hashes[i], other.values[i]);
      }
    }
  }

  /** Bytes this index takes in memory, roughly. */
  public int weightBytes() {
    return hashes == null ? 16 : 48 + 16 * hashes.length;
  }

  private int place(long hash) {
    long wanted = occupied(hash);
    int mask = hashes.length - 1;
    // The hashes are already well mixed, so their low bits choose the place.
    int place = (int) wanted & mask;
    while (hashes[place] != 0 && hashes[place] != wanted) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldHashes = hashes;
    long[] oldValues = values;
    hashes = new long[oldHashes.length * 2];
    values = new long[oldHashes.length * 2];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldHashes[i] != 0) {
        int place = place(oldHashes[i]);
        hashes[place] = oldHashes[i];
        values[place] = oldValues[i];
      }
    }
  }

  private static long occupied(long hash) {
    return hash == 0 ? 1 : hash;
  }
}
