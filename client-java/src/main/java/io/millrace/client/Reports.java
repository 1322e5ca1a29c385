package io.millrace.client;

import static java.util.stream.Collectors.joining;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tells the log and the listener what happened; only the sending thread calls it. */
final class Reports {
  private static final Logger LOG = System.getLogger(MillraceClient.class.getName());
  private static final int SHOWN = 3;

  /** Under overload something is dropped all the time; the log needs to know it now and then. */
  private static final long NANOS_BETWEEN_DROP_LOGS = Duration.ofSeconds(10).toNanos();

  private final URI collect;
  private final ClientListener listener;
  private long logDropsAt = System.nanoTime();
  private final List<RefusedEvent> unloggedFirst = new ArrayList<>();
  private long unlogged;

  Reports(URI collect, ClientListener listener) {
    this.collect = collect;
    this.listener = listener;
  }

  void dropped(List<RefusedEvent> events, boolean last) {
    tellRefused(events);
    unlogged += events.size();
    events.stream().limit(SHOWN - unloggedFirst.size()).forEach(unloggedFirst::add);
    if (unlogged > 0 && (last || System.nanoTime() - logDropsAt >= 0)) {
      LOG.log(
          Level.WARNING,
          "At least {0} events were not taken: {1}",
          unlogged,
          firstOf(unloggedFirst, unlogged));
      unlogged = 0;
      unloggedFirst.clear();
      logDropsAt = System.nanoTime() + NANOS_BETWEEN_DROP_LOGS;
    }
  }

  void rejected(List<RefusedEvent> events) {
    if (!events.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The gateway refused {0} events: {1}",
          events.size(),
          firstOf(events, events.size()));
      tellRefused(events);
    }
  }

  void circuitOpened(String trouble, long waiting) {
    String reason = "Cannot send to " + collect + ": " + trouble;
    LOG.log(Level.WARNING, "{0}; {1} events wait", printable(reason), waiting);
    tell(to -> to.circuitOpened(reason));
  }

  void circuitClosed(long waiting) {
    LOG.log(Level.INFO, "{0} takes events again; {1} events wait", collect, waiting);
    tell(ClientListener::circuitClosed);
  }

  void spoolFailed(String what, Exception cause) {
    LOG.log(
        Level.ERROR,
        "Cannot " + what + " the spool file; from now on events wait in memory",
        cause);
  }

  void notSent(int events) {
    LOG.log(
        Level.WARNING,
        "{0} events were not sent before the client closed; close(Duration) gives them back, and"
            + " with a spoolFile the next start sends them",
        events);
  }

  void faulted(Throwable fault) {
    LOG.log(Level.ERROR, "The client failed where it should not; it goes on", fault);
  }

  private void tellRefused(List<RefusedEvent> events) {
    for (RefusedEvent event : events) {
      tell(to -> to.refused(event));
    }
  }

  private void tell(Consumer<ClientListener> news) {
    try {
      news.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The listener failed; sending goes on", e);
    }
  }

  private static String firstOf(List<RefusedEvent> events, long all) {
    return events.stream()
            .limit(SHOWN)
            .map(e -> printable(e.eventId() + " (" + e.code() + ": " + e.message() + ")"))
            .collect(joining(", "))
        + (all > SHOWN ? ", …" : "");
  }

  /** Ids may come from visitors, and must not start a new line in the log. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
