package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends events to a Millrace gateway without ever making the application wait: {@link #track} puts
 * an event into a bounded queue, and one daemon thread sends what is there. An event leaves the
 * queue when the gateway has said what became of it; until then it is sent again with the same id,
 * and the pipeline drops what arrived twice.
 *
 * <p>One client for an application; all methods may be called by any thread.
 */
public final class MillraceClient implements AutoCloseable {
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  private final ClientOptions options;
  private final EventQueue queue;
  private final Spool spool;
  private final DropNotices drops = new DropNotices();
  private final Reports reports;
  private final Sender sender;
  private final Thread thread;
  private final LongAdder tracked = new LongAdder();
  private final long recovered;

  private MillraceClient(ClientOptions options, Spool spool, ClientListener listener) {
    GatewayConnection gateway = new GatewayConnection(options);
    this.options = options;
    this.spool = spool;
    this.recovered = spool == null ? 0 : spool.size();
    this.queue =
        new EventQueue(
            options.maxQueuedEvents(), options.maxQueuedBytes(), options.maxBatchEvents());
    this.reports = new Reports(gateway.collect(), listener);
    this.sender = new Sender(options, queue, spool, gateway, drops, reports);
    this.thread = new Thread(sender, "millrace-client");
    this.thread.setDaemon(true);
  }

  /** Starts a client; whether the gateway is there shows later, in {@link #stats}. */
  public static MillraceClient start(ClientOptions options) {
    return start(options, ClientListener.NONE);
  }

  /** Starts a client that tells what becomes of events. */
  public static MillraceClient start(ClientOptions options, ClientListener listener) {
    Objects.requireNonNull(listener, "listener");
    MillraceClient client = new MillraceClient(options, openSpool(options), listener);
    client.thread.start();
    return client;
  }

  private static Spool openSpool(ClientOptions options) {
    if (options.spoolFile() == null) {
      return null;
    }
    try {
      return Spool.open(options.spoolFile(), options.maxSpoolBytes());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot start the Millrace client: spoolFile is "
              + options.spoolFile()
              + ", and "
              + e.getMessage()
              + "; give a file in a folder that exists and can be written",
          e);
    }
  }

  /**
   * Queues an event. Returns at once whatever the gateway does, and never throws.
   *
   * @return false if the event was dropped; why is counted, logged and told to the listener
   */
  public boolean track(MillraceEvent event) {
    tracked.increment();
    String eventId = event == null ? null : event.eventId();
    try {
      return queue(event);
    } catch (EventJson.InvalidEventException e) {
      return drop(DropReason.INVALID_EVENT, eventId, e.getMessage());
    } catch (RuntimeException e) { // a map that is changed meanwhile, a toString() that fails
      return drop(DropReason.INVALID_EVENT, eventId, "the event cannot be read: " + e);
    }
  }

  private boolean queue(MillraceEvent event) throws EventJson.InvalidEventException {
    if (event == null) {
      return drop(
          DropReason.INVALID_EVENT,
          null,
          "the event is null; build one with MillraceEvent.builder");
    }
    byte[] json = EventJson.write(event);
    if (json.length > ClientOptions.MAX_EVENT_BYTES) {
      return drop(
          DropReason.EVENT_TOO_LARGE,
          event.eventId(),
          "the event has "
              + json.length
              + " bytes; at most "
              + ClientOptions.MAX_EVENT_BYTES
              + " are allowed");
    }
    Optional<DropReason> dropped = queue.offer(new QueuedEvent(event.eventId(), json));
    return dropped.isEmpty() || drop(dropped.get(), event.eventId(), message(dropped.get()));
  }

  private String message(DropReason reason) {
    return reason == DropReason.CLIENT_CLOSED
        ? "the client is closed; track before close"
        : "the queue is full; at most "
            + options.maxQueuedEvents()
            + " events and "
            + options.maxQueuedBytes()
            + " bytes may wait";
  }

  private boolean drop(DropReason reason, String eventId, String message) {
    if (drops.add(reason, eventId, message)) {
      queue.wake(); // always: the sending thread may just have taken what was there before
    }
    return false;
  }

  /** What became of the events so far. */
  public ClientStats stats() {
    return sender.stats(tracked.sum(), recovered);
  }

  /**
   * Takes no more events, sends what waits for at most that long, and stops. With a spool file what
   * is left goes there.
   *
   * @return what is left elsewhere: one event in JSON each, in the form that {@code POST
   *     /v1/import} and {@code millrace replay} take; a request that was under way may have arrived
   */
  public synchronized List<String> close(Duration atMost) {
    sender.closeAt(System.nanoTime() + atMost.toNanos());
    queue.close();
    try {
      join(atMost);
      if (thread.isAlive()) {
        thread.interrupt();
        join(LAST_MOMENT); // a listener may still hold it
      }
      closeSpool();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    return queue.peek(Integer.MAX_VALUE, Integer.MAX_VALUE).stream()
        .map(event -> new String(event.json(), UTF_8))
        .toList();
  }

  private void join(Duration atMost) throws InterruptedException {
    thread.join(Math.max(1, atMost.toMillis())); // 0 would be for ever
  }

  private void closeSpool() {
    if (spool != null && !thread.isAlive()) {
      try {
        spool.close();
      } catch (IOException e) {
        reports.spoolFailed("close", e);
      }
    }
  }

  /** Closes with a patience of five seconds; what is left is counted in the log. */
  @Override
  public void close() {
    int left = close(USUAL_PATIENCE).size();
    if (left > 0) {
      reports.notSent(left);
    }
  }
}
