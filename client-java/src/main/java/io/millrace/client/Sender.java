package io.millrace.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes the oldest events, sends them, and removes them when the gateway has decided about each;
 * one request at a time, so that events arrive in order and an outage is met by one caller only.
 *
 * <p>How many go into a request follows the answers: all that wait, up to the limit; half of the
 * last when a request was too large or refused as a whole, down to the one event that is to blame;
 * one while the circuit is open; twice the last after each success.
 */
final class Sender implements Runnable {
  private static final int SPILLED_AT_ONCE = 500;

  private final ClientOptions options;
  private final EventQueue memory;
  private final Spool spool;
  private final GatewayConnection gateway;
  private final DropNotices drops;
  private final Reports reports;
  private final Circuit circuit;
  private final Backoff backoff;

  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong failedRequests = new AtomicLong();
  private volatile String lastTrouble;
  private volatile long closeAtNanos;

  private int batchLimit;
  private boolean spoolWritable;
  private boolean spoolReadable;
  private boolean gaveUp;

  /**
   * @param spool null for none
   */
  Sender(
      ClientOptions options,
      EventQueue memory,
      Spool spool,
      GatewayConnection gateway,
      DropNotices drops,
      Reports reports) {
    this.options = options;
    this.memory = memory;
    this.spool = spool;
    this.gateway = gateway;
    this.drops = drops;
    this.reports = reports;
    this.circuit = new Circuit(options.failuresToOpen());
    this.backoff =
        new Backoff(options.firstPause(), options.longestPause(), new SplittableRandom());
    this.batchLimit = options.maxBatchEvents();
    this.spoolWritable = spool != null;
    this.spoolReadable = spool != null;
  }

  /** Sends what waits until that time, then ends; wakes no one by itself. */
  void closeAt(long nanoTime) {
    closeAtNanos = nanoTime;
  }

  /** The counts that belong to sending, added to those given. */
  ClientStats stats(long tracked, long recovered) {
    return new ClientStats(
        tracked,
        recovered,
        delivered.get(),
        rejected.get(),
        drops.counts(),
        memory.size(),
        memory.bytes(),
        spool == null ? 0 : spool.size(),
        requests.get(),
        failedRequests.get(),
        circuit.state(),
        lastTrouble);
  }

  @Override
  public void run() {
    try {
      while (!gaveUp && !isDone()) {
        try {
          step();
        } catch (RuntimeException | Error e) {
          // Without this thread nothing is sent any more, and nobody would hear of it.
          reports.faulted(e);
          pause(options.longestPause());
        }
      }
    } catch (InterruptedException e) {
      gaveUp = true; // close() has waited as long as it may
    } finally {
      spill();
      reports.dropped(drops.take(), true);
    }
  }

  private boolean isDone() {
    return memory.isClosed() && memory.isEmpty() && !hasSpooled();
  }

  private boolean hasSpooled() {
    return spoolReadable && !spool.isEmpty();
  }

  private void step() throws InterruptedException {
    reports.dropped(drops.take(), false);
    if (hasSpooled()) {
      try {
        sendFrom(spool);
      } catch (IOException e) {
        spoolReadable = false;
        spoolWritable = false;
        reports.spoolFailed("read", e);
      }
    } else {
      memory.awaitEvents(options.linger());
      try {
        sendFrom(memory);
      } catch (IOException e) {
        throw new IllegalStateException("Reading from memory failed", e);
      }
    }
  }

  private void sendFrom(Backlog backlog) throws IOException, InterruptedException {
    List<QueuedEvent> batch =
        backlog.peek(batchLimit, options.maxBatchBytes() - GatewayConnection.ENVELOPE_BYTES);
    if (batch.isEmpty()) {
      return;
    }
    requests.incrementAndGet();
    Answer answer = gateway.post(batch);
    switch (answer.kind()) {
      case DECIDED -> {
        backlog.remove(batch.size());
        decided(batch, answer);
      }
      case WHOLE_REFUSED -> {
        if (batch.size() > 1) {
          batchLimit = batch.size() / 2;
          failedRequests.incrementAndGet();
          lastTrouble = answer.trouble();
        } else {
          backlog.remove(1);
          refusedAlone(batch.get(0), answer);
        }
      }
      case NOT_NOW, DENIED -> failed(answer);
    }
  }

  private void decided(List<QueuedEvent> batch, Answer answer) {
    List<RefusedEvent> refused = new ArrayList<>();
    answer
        .rejected()
        .forEach(
            (index, reason) ->
                refused.add(
                    new RefusedEvent(batch.get(index).eventId(), reason.code(), reason.message())));
    delivered.addAndGet(batch.size() - refused.size());
    rejected.addAndGet(refused.size());
    succeeded();
    reports.rejected(refused);
  }

  private void refusedAlone(QueuedEvent event, Answer answer) {
    rejected.incrementAndGet();
    succeeded();
    reports.rejected(List.of(new RefusedEvent(event.eventId(), answer.code(), answer.trouble())));
  }

  private void succeeded() {
    batchLimit = Math.min(options.maxBatchEvents(), batchLimit * 2);
    if (circuit.succeeded()) {
      reports.circuitClosed(waiting());
    }
  }

  private void failed(Answer answer) throws InterruptedException {
    failedRequests.incrementAndGet();
    lastTrouble = answer.trouble();
    boolean denied = answer.kind() == Answer.Kind.DENIED;
    if (denied ? circuit.denied() : circuit.failed()) {
      batchLimit = 1;
      reports.circuitOpened(answer.trouble(), waiting());
    }
    if (circuit.isOpen()) {
      spill();
    }
    pause(denied ? options.longestPause() : backoff.after(circuit.failures(), answer.retryAfter()));
  }

  private long waiting() {
    return memory.size() + (spool == null ? 0 : spool.size());
  }

  /** Moves what waits in memory to the spool file, as far as there is room. */
  private void spill() {
    try {
      while (spoolWritable && !memory.isEmpty()) {
        List<QueuedEvent> oldest = memory.peek(SPILLED_AT_ONCE, options.maxBatchBytes());
        int spilled = spool.append(oldest);
        memory.remove(spilled);
        if (spilled < oldest.size()) {
          return;
        }
      }
    } catch (IOException e) {
      spoolWritable = false;
      reports.spoolFailed("write", e);
    }
  }

  /** Waits before the next try; ends at once when the client is being closed. */
  private void pause(Duration duration) throws InterruptedException {
    if (!memory.isClosed()) {
      memory.awaitClose(duration);
    } else if (System.nanoTime() + duration.toNanos() - closeAtNanos >= 0) {
      gaveUp = true; // the next try would come too late
    } else {
      Thread.sleep(duration.toMillis());
    }
  }
}
