package io.millrace.jobs.sessions;

import io.millrace.jobs.kit.WriteBackCache;
import java.util.ArrayList;
import java.util.List;

/** One visitor's sessions in the cache. */
final class Visitor extends WriteBackCache.Entry {
  /** No timer is set. */
  static final long NONE = Long.MAX_VALUE;

  private static final int OWN_WEIGHT_BYTES = 300;

  final String tenant;
  final String visitorId;
  final List<Slot> slots = new ArrayList<>(2);
  int nextSlot;
  long eventTimer = NONE;
  long processingTimer = NONE;

  Visitor(String key) {
    super(key, OWN_WEIGHT_BYTES);
    int bar = key.indexOf('|');
    this.tenant = key.substring(0, bar);
    this.visitorId = key.substring(bar + 1);
  }

  static Visitor of(String key, VisitorIndex index) {
    Visitor visitor = new Visitor(key);
    visitor.nextSlot = index.nextSlot;
    visitor.eventTimer = index.eventTimer;
    visitor.processingTimer = index.processingTimer;
    for (int i = 0; i < index.slots.length; i++) {
      Slot slot = new Slot(index.slots[i]);
      slot.startedAt = index.startedAt[i];
      slot.endedAt = index.endedAt[i];
      slot.touchedAt = index.touchedAt[i];
      slot.status = index.status[i];
      visitor.slots.add(slot);
    }
    return visitor;
  }

  VisitorIndex index() {
    int size = slots.size();
    VisitorIndex index = new VisitorIndex();
    index.slots = new int[size];
    index.startedAt = new long[size];
    index.endedAt = new long[size];
    index.touchedAt = new long[size];
    index.status = new byte[size];
    for (int i = 0; i < size; i++) {
      Slot slot = slots.get(i);
      index.slots[i] = slot.number;
      index.startedAt[i] = slot.startedAt;
      index.endedAt[i] = slot.endedAt;
      index.touchedAt[i] = slot.touchedAt;
      index.status[i] = slot.status;
    }
    index.nextSlot = nextSlot;
    index.eventTimer = eventTimer;
    index.processingTimer = processingTimer;
    return index;
  }
}
