package io.millrace.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events in memory. Many threads add, one sends. The lock is held for a few instructions and
 * never while anything is read or written, so an adding thread waits for no network and no disk.
 */
final class EventQueue implements Backlog {
  private final int maxEvents;
  private final long maxBytes;
  private final int fullBatch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<QueuedEvent> events = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private boolean woken;

  /**
   * @param fullBatch that many events are not lingered for
   */
  EventQueue(int maxEvents, long maxBytes, int fullBatch) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.fullBatch = fullBatch;
  }

  /** Adds an event, or says why not. */
  Optional<DropReason> offer(QueuedEvent event) {
    lock.lock();
    try {
      if (closed) {
        return Optional.of(DropReason.CLIENT_CLOSED);
      }
      if (events.size() == maxEvents || bytes + event.json().length > maxBytes) {
        return Optional.of(DropReason.QUEUE_FULL);
      }
      events.add(event);
      bytes += event.json().length;
      if (events.size() == 1 || events.size() == fullBatch) {
        changed.signal();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event, then for more to send with it; also returns when woken or closed. */
  void awaitEvents(Duration linger) throws InterruptedException {
    lock.lock();
    try {
      while (events.isEmpty() && !closed && !woken) {
        changed.await();
      }
      woken = false;
      long nanosLeft = linger.toNanos();
      while (!events.isEmpty() && events.size() < fullBatch && !closed && nanosLeft > 0) {
        nanosLeft = changed.awaitNanos(nanosLeft);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, or until the queue is closed. */
  void awaitClose(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long nanosLeft = atMost.toNanos();
      while (!closed && nanosLeft > 0) {
        nanosLeft = changed.awaitNanos(nanosLeft);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the sending thread look around although no event came. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more events. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<QueuedEvent> peek(int maxEvents, int maxBytes) {
    List<QueuedEvent> oldest = new ArrayList<>();
    lock.lock();
    try {
      int left = maxBytes;
      for (QueuedEvent event : events) {
        left -= event.json().length + 1;
        if (oldest.size() == maxEvents || (left < 0 && !oldest.isEmpty())) {
          break;
        }
        oldest.add(event);
      }
    } finally {
      lock.unlock();
    }
    return oldest;
  }

  @Override
  public void remove(int events) {
    lock.lock();
    try {
      for (int i = 0; i < events; i++) {
        bytes -= this.events.remove().json().length;
      }
    } finally {
      lock.unlock();
    }
  }
}
