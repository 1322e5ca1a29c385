package io.millrace.standalone.traffic;

import io.millrace.standalone.traffic.CollectClient.Timing;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;

/** Sends demo traffic: history as fast as it is taken, the live part when it happens. */
public final class DemoPlayer {
  private final KeySource keys;
  private final Clock clock;
  private final CollectClient.Pause pause;

  public DemoPlayer(KeySource keys, Clock clock) {
    this(keys, clock, duration -> Thread.sleep(duration.toMillis()));
  }

  DemoPlayer(KeySource keys, Clock clock, CollectClient.Pause pause) {
    this.keys = keys;
    this.clock = clock;
    this.pause = pause;
  }

  /** Plays to the end, or until sending has to stop; the report says which. */
  public SendReport play(DemoTraffic traffic, LaneSender sender, Progress progress)
      throws InterruptedException {
    Iterator<Planned> all = traffic.iterator();
    long sent = 0;
    try {
      while (all.hasNext()) {
        Planned next = all.next();
        if (next.historical()) {
          sender.send(keys.historicalKey(next.tenant()), Timing.HISTORICAL, next.event());
        } else {
          long wait = next.dueAt() - clock.millis();
          if (wait > 0) {
            pause.of(Duration.ofMillis(wait));
          }
          sender.send(keys.liveKey(next.tenant()), Timing.LIVE, next.event());
        }
        progress.show(++sent, sent);
      }
    } catch (CollectException e) {
      // The report says why sending stopped and what that leaves unsent.
    }
    return sender.finish();
  }
}
