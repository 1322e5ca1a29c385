package io.millrace.standalone.traffic;

import io.millrace.domain.event.VisitorKey;
import io.millrace.standalone.traffic.CollectClient.Rejection;
import io.millrace.standalone.traffic.CollectClient.Timing;
import io.millrace.standalone.traffic.CollectClient.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends many events with several requests under way, each visitor's in the order they were handed
 * over.
 *
 * <p>Visitors are spread over lanes by hash. A lane is one thread that sends one batch after the
 * other, so two batches of one visitor are never under way at once. A batch is whatever waits in
 * the lane, up to the limits: a slow trickle goes out at once, a flood in full batches.
 */
public final class LaneSender implements AutoCloseable {
  /** Four requests under way keep a gateway on the same two cores busy. */
  public static final int DEFAULT_LANES = 4;

  static final int MAX_BATCH_EVENTS = 500;

  /** Below the gateway's 1 MiB with room for the envelope. */
  static final int MAX_BATCH_BYTES = 900_000;

  private static final int WAITING_PER_LANE = 4 * MAX_BATCH_EVENTS;
  private static final int PROBLEMS_SHOWN = 3;

  private final CollectClient client;
  private final List<Lane> lanes = new ArrayList<>();
  private final TreeMap<String, Long> rejected = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private long handed;
  private long accepted;
  private long unknown;
  private long notSent;
  private long batches;
  private CollectException failure;

  private record Parcel(String writeKey, Timing timing, OutgoingEvent event) {
    static final Parcel END = new Parcel(null, null, null);

    boolean isEnd() {
      return event == null;
    }

    boolean goesWith(Parcel other) {
      return !other.isEnd() && timing == other.timing && writeKey.equals(other.writeKey);
    }
  }

  public LaneSender(CollectClient client, int laneCount) {
    this.client = client;
    for (int i = 0; i < laneCount; i++) {
      lanes.add(new Lane(i));
    }
    lanes.forEach(lane -> lane.thread.start());
  }

  /**
   * Hands an event over; waits while its lane is full.
   *
   * @throws CollectException when sending has stopped; {@link #finish} then tells the rest
   */
  public void send(String writeKey, Timing timing, OutgoingEvent event)
      throws CollectException, InterruptedException {
    String visitor = event.visitorId() == null ? "" : event.visitorId();
    int lane = Math.floorMod(spread(VisitorKey.of(writeKey, visitor)), lanes.size());
    Parcel parcel = new Parcel(writeKey, timing, event);
    do {
      synchronized (this) {
        if (failure != null) {
          throw failure;
        }
      }
    } while (!lanes.get(lane).waiting.offer(parcel, 100, TimeUnit.MILLISECONDS));
    synchronized (this) {
      handed++;
    }
  }

  /** Waits until everything handed over has a verdict, or sending has stopped. */
  public SendReport finish() throws InterruptedException {
    for (Lane lane : lanes) {
      lane.waiting.put(Parcel.END);
    }
    for (Lane lane : lanes) {
      lane.thread.join();
    }
    return report();
  }

  /** The counts so far. */
  public synchronized SendReport report() {
    return new SendReport(
        handed,
        accepted,
        new TreeMap<>(rejected),
        unknown,
        notSent,
        batches,
        client.retries(),
        List.copyOf(problems),
        failure);
  }

  /** Ends the lanes; what still waits is not sent. */
  @Override
  public void close() {
    lanes.forEach(lane -> lane.thread.interrupt());
  }

  private static int spread(String text) {
    int hash = text.hashCode();
    return hash ^ (hash >>> 16);
  }

  private synchronized void answered(List<OutgoingEvent> events, Verdict verdict) {
    batches++;
    accepted += verdict.accepted();
    for (Rejection r : verdict.rejected()) {
      rejected.merge(r.code(), 1L, Long::sum);
      if (problems.size() < PROBLEMS_SHOWN) {
        boolean known = r.eventId() == null && r.index() >= 0 && r.index() < events.size();
        String id = known ? events.get(r.index()).eventId() : r.eventId();
        problems.add("event " + id + ": " + r.code() + ": " + r.message());
      }
    }
  }

  private synchronized void stopped(int events, CollectException reason) {
    if (reason.kind() == CollectException.Kind.SENDER_REFUSED) {
      notSent += events;
    } else {
      unknown += events;
    }
    if (failure == null) {
      failure = reason;
    }
  }

  /** Whether the parcels may still go; counts them if not. */
  private synchronized boolean mayGo(int parcels) {
    if (failure == null) {
      return true;
    }
    notSent += parcels;
    return false;
  }

  private final class Lane {
    private final BlockingQueue<Parcel> waiting = new ArrayBlockingQueue<>(WAITING_PER_LANE);
    private final Thread thread;

    Lane(int number) {
      thread = new Thread(this::run, "collect-lane-" + number);
      thread.setDaemon(true);
    }

    private void run() {
      try {
        Parcel first = waiting.take();
        while (!first.isEnd()) {
          first = sendBatchFrom(first);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // closed
      }
    }

    /** Sends the parcel and those behind it that fit; returns the first that did not. */
    private Parcel sendBatchFrom(Parcel first) throws InterruptedException {
      List<OutgoingEvent> batch = new ArrayList<>();
      int bytes = first.event().json().length;
      batch.add(first.event());
      Parcel next = waiting.poll();
      while (next != null && first.goesWith(next) && batch.size() < MAX_BATCH_EVENTS) {
        bytes += next.event().json().length + 1;
        if (bytes > MAX_BATCH_BYTES) {
          break;
        }
        batch.add(next.event());
        next = waiting.poll();
      }

      if (mayGo(batch.size())) {
        try {
          answered(batch, client.send(first.writeKey(), first.timing(), batch));
        } catch (CollectException e) {
          stopped(batch.size(), e);
        } catch (IllegalArgumentException e) {
          // Such as a key with a line break in it: without this the lane would die unseen.
          stopped(
              batch.size(),
              new CollectException(
                  CollectException.Kind.SENDER_REFUSED,
                  "Cannot make a request for the gateway: " + e.getMessage(),
                  e));
        }
      }
      return next == null ? waiting.take() : next;
    }
  }
}
