package io.millrace.standalone.traffic;

import io.millrace.standalone.traffic.CollectClient.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Sends the events of a file to the gateway, at their own times or moved to now. */
public final class Replay {
  private final Options options;
  private final Clock clock;
  private final CollectClient.Pause pause;

  /**
   * What to replay, and how.
   *
   * @param site base URL for the paths of an access log
   * @param shiftToNow whether all times move so that the last event is now; with a speed, so that
   *     the first is now and the gaps shrink by the speed
   * @param speed event time per real time; 0 means as fast as the gateway takes it
   * @param limit at most so many events are read; 0 means all
   * @param seed of the mangling
   */
  public record Options(
      Path file,
      String site,
      boolean shiftToNow,
      double speed,
      long limit,
      Mangler.Options mangle,
      long seed) {}

  /**
   * What was read, and what became of it.
   *
   * @param readFailure why the file could not be read to its end; null when it could
   */
  public record Result(
      TrafficFile.Counts read,
      long duplicatesSent,
      long lateSent,
      SendReport sent,
      IOException readFailure) {}

  public Replay(Options options, Clock clock) {
    this(options, clock, duration -> Thread.sleep(duration.toMillis()));
  }

  Replay(Options options, Clock clock, CollectClient.Pause pause) {
    this.options = options;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Reads the file to its end and waits for all verdicts.
   *
   * @throws IOException when the file cannot be opened, or not be looked through for its times
   */
  public Result run(LaneSender sender, String writeKey, Progress progress)
      throws IOException, InterruptedException {
    Timing timing = options.shiftToNow() ? Timing.LIVE : Timing.HISTORICAL;
    TimeMap times = timeMap();
    Mangler mangler = new Mangler(options.mangle(), options.seed());
    Outlet outlet =
        event -> {
          times.awaitTurnOf(event);
          sender.send(writeKey, timing, times.moved(event));
        };
    TrafficFile.Counts counts;
    IOException readFailure = null;
    try (TrafficFile file = TrafficFile.open(options.file(), options.site())) {
      try {
        try {
          pump(file, mangler, outlet, progress);
        } catch (IOException e) {
          readFailure = e; // what was read before is sent
        }
        mangler.end();
        drain(mangler, outlet);
      } catch (CollectException e) {
        // The report says why sending stopped and what that leaves unsent.
      }
      counts = file.counts();
    }
    SendReport sent = sender.finish();
    return new Result(counts, mangler.duplicates(), mangler.late(), sent, readFailure);
  }

  private void pump(TrafficFile file, Mangler mangler, Outlet outlet, Progress progress)
      throws IOException, CollectException, InterruptedException {
    long read = 0;
    OutgoingEvent event = file.next();
    while (event != null) {
      mangler.add(event);
      drain(mangler, outlet);
      progress.show(file.bytesRead(), ++read);
      event = read == options.limit() ? null : file.next();
    }
  }

  private static void drain(Mangler mangler, Outlet outlet)
      throws IOException, CollectException, InterruptedException {
    for (OutgoingEvent event = mangler.poll(); event != null; event = mangler.poll()) {
      outlet.accept(event);
    }
  }

  /** Where mangled events go. */
  private interface Outlet {
    void accept(OutgoingEvent event) throws IOException, CollectException, InterruptedException;
  }

  /** The first and last time of the file are only needed, and only looked for, to move or pace. */
  private TimeMap timeMap() throws IOException, InterruptedException {
    if (!options.shiftToNow() && options.speed() == 0) {
      return new TimeMap(0, 0, 0);
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    long read = 0;
    try (TrafficFile file = TrafficFile.open(options.file(), options.site())) {
      OutgoingEvent event = file.next();
      while (event != null) {
        if (event.timestamp() != null) {
          first = Math.min(first, event.timestamp());
          last = Math.max(last, event.timestamp());
        }
        event = ++read == options.limit() ? null : file.next();
      }
    }
    return new TimeMap(first, last, clock.millis());
  }

  /** When an event of the file is sent, and with which time. */
  private final class TimeMap {
    private final long first;
    private final long last;
    private final long startedAt;

    TimeMap(long first, long last, long startedAt) {
      this.first = first;
      this.last = last;
      this.startedAt = startedAt;
    }

    void awaitTurnOf(OutgoingEvent event) throws InterruptedException {
      if (options.speed() == 0 || event.timestamp() == null) {
        return;
      }
      long wait = played(event.timestamp()) - clock.millis();
      if (wait > 0) {
        pause.of(Duration.ofMillis(wait));
      }
    }

    OutgoingEvent moved(OutgoingEvent event) throws IOException {
      if (!options.shiftToNow() || event.timestamp() == null) {
        return event;
      }
      return event.at(
          options.speed() == 0
              ? event.timestamp() + (startedAt - last)
              : played(event.timestamp()));
    }

    private long played(long timestamp) {
      return startedAt + (long) ((timestamp - first) / options.speed());
    }
  }
}
