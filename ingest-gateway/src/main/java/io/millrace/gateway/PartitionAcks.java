package io.millrace.gateway;

import java.util.concurrent.atomic.AtomicLongArray;

/** When Kafka last acknowledged something on each partition of the raw topic. */
final class PartitionAcks {
  private volatile AtomicLongArray lastNanos = new AtomicLongArray(0);

  /** Called for every acknowledged event; a partition nobody asked about yet is not kept. */
  void acknowledged(int partition) {
    AtomicLongArray times = lastNanos;
    if (partition < times.length()) {
      times.lazySet(partition, System.nanoTime());
    }
  }

  /** Makes room for partitions; a new one counts as heard of now. */
  void growTo(int partitions) {
    AtomicLongArray old = lastNanos;
    if (partitions > old.length()) {
      AtomicLongArray grown = new AtomicLongArray(partitions);
      for (int i = 0; i < partitions; i++) {
        grown.set(i, i < old.length() ? old.get(i) : System.nanoTime());
      }
      lastNanos = grown;
    }
  }

  int partitions() {
    return lastNanos.length();
  }

  long silentNanos(int partition) {
    return System.nanoTime() - lastNanos.get(partition);
  }
}
