package io.millrace.benchmarks.pipeline;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.benchmarks.load.LoadClient;
import io.millrace.benchmarks.load.Requests;
import io.millrace.benchmarks.traffic.EventJson;
import io.millrace.domain.hot.HotKeys;
import io.millrace.domain.session.SessionRules;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.RunningPlatform;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * Sends, beside the load, now and then the first event of a new visitor, and looks how long it
 * takes until the hot store has the session.
 */
final class Markers implements AutoCloseable {
  /** Above every visitor of the load. */
  private static final int FIRST_VISITOR = 1_000_000_000;

  private final URI gateway;
  private final RedisClient redis;
  private final Requests requests;
  private final Clock clock;
  private final Histogram latencies = new Histogram(3);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "load-markers");
  private LoadClient client;
  private StatefulRedisConnection<String, String> connection;
  private volatile boolean stopping;
  private volatile int sent;

  Markers(RunningPlatform platform, Requests requests, Clock clock) {
    this.gateway = platform.gateway();
    this.redis = RedisClient.create(platform.redis());
    this.requests = requests;
    this.clock = clock;
  }

  void start() throws InterruptedException {
    // Connected now: the gateway closes a connection on which nothing comes.
    client = new LoadClient(gateway, 1);
    connection = redis.connect();
    thread.start();
  }

  /** Ends it; throws what went wrong. */
  void stop() throws Exception {
    stopping = true;
    thread.join();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** How many there have been. */
  int sent() {
    return sent;
  }

  /** From the event's time to the session in the hot store, in ms. */
  Histogram latencies() {
    return latencies;
  }

  private void run() {
    try {
      for (int n = 0; !stopping; n++) {
        long sentAt = clock.millis();
        byte[] event = EventJson.event(LakeProgress.MARKER_RUN, n, FIRST_VISITOR + n, sentAt);
        client.closedLoop(ignored -> requests.single(event), 1, 1);
        sent = n + 1;
        String key =
            HotKeys.session(
                LocalKeys.DEFAULT_TENANT,
                SessionRules.sessionId(
                    LocalKeys.DEFAULT_TENANT, EventJson.visitorId(FIRST_VISITOR + n), sentAt));
        // At the end of the load one that is not there yet counts with what it has waited so far.
        while (!stopping && connection.sync().exists(key) == 0) {
          TimeUnit.MILLISECONDS.sleep(5);
        }
        latencies.recordValue(Math.max(0, clock.millis() - sentAt));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    if (client != null) {
      client.close();
    }
    redis.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
