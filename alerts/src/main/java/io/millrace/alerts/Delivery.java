package io.millrace.alerts;

import io.github.resilience4j.core.IntervalFunction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.alerts.send.SendFailedException;
import io.millrace.alerts.send.Senders;
import io.millrace.domain.alert.AlertRules;
import io.millrace.domain.alert.ChannelSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the outbox: at least once, under the same id, until it has arrived or is too old
 * to be of use. Whatever fails is tried again, also what looks lasting: a wrong password or a name
 * that is missing in the file can be mended within the day.
 */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration FORGET_EVERY = Duration.ofHours(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final AlertsDatabase database;
  private final Function<String, AlertRules> rules;
  private final Senders senders;
  private final DeliveryOptions options;
  private final Clock clock;
  private final IntervalFunction pauses;
  private final Counter sent;
  private final Counter failed;
  private final Counter dead;
  private final ScheduledExecutorService threads;
  private final List<Courier> couriers = new ArrayList<>();
  private final AtomicBoolean waits = new AtomicBoolean();
  private volatile boolean closing;

  private Delivery(
      AlertsDatabase database,
      Function<String, AlertRules> rules,
      Senders senders,
      DeliveryOptions options,
      Clock clock,
      MeterRegistry metrics) {
    this.database = database;
    this.rules = rules;
    this.senders = senders;
    this.options = options;
    this.clock = clock;
    this.pauses =
        IntervalFunction.ofExponentialRandomBackoff(
            options.firstPause(), GROWTH, JITTER, options.longestPause());
    this.sent = metrics.counter("alert_messages_sent_total");
    this.failed = metrics.counter("alert_attempts_failed_total");
    this.dead = metrics.counter("alert_messages_dead_total");
    this.threads =
        Executors.newScheduledThreadPool(
            options.workers(),
            task -> {
              Thread thread = new Thread(task, "alert-delivery");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts to send, and goes on until it is closed.
   *
   * @param rules the present rules of a tenant, which say where its channels are
   */
  public static Delivery start(
      AlertsDatabase database,
      Function<String, AlertRules> rules,
      Senders senders,
      DeliveryOptions options,
      Clock clock,
      MeterRegistry metrics) {
    Delivery delivery = new Delivery(database, rules, senders, options, clock, metrics);
    long pollMillis = options.pollEvery().toMillis();
    for (int i = 0; i < options.workers(); i++) {
      Courier courier = delivery.new Courier();
      delivery.couriers.add(courier);
      var unused =
          delivery.threads.scheduleWithFixedDelay(
              courier::sendAllThatIsDue, 0, pollMillis, TimeUnit.MILLISECONDS);
    }
    var unused =
        delivery.threads.scheduleWithFixedDelay(
            delivery::forget, 0, FORGET_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return delivery;
  }

  /** One who sends, with a connection of its own; never in two threads at once. */
  private final class Courier {
    private Connection connection; // null until it is needed, and after a failure

    void sendAllThatIsDue() {
      try {
        if (connection == null) {
          connection = database.connect();
        }
        Outbox outbox = new Outbox(connection, clock);
        while (!closing) {
          Optional<Parcel> parcel = outbox.take(options.lease());
          if (waits.compareAndSet(true, false)) {
            LOG.info("Alerts are sent again");
          }
          if (parcel.isEmpty()) {
            return;
          }
          send(outbox, parcel.get());
        }
      } catch (SQLException e) {
        disconnect();
        if (waits.compareAndSet(false, true)) {
          LOG.warn("Alerts wait, as {} fails: {}", database.jdbcUrl(), e.getMessage());
        }
      } catch (RuntimeException e) {
        // The scheduler would never run this again.
        LOG.error("Alerts cannot be sent", e);
      }
    }

    void disconnect() {
      if (connection != null) {
        try {
          connection.close();
        } catch (SQLException e) {
          LOG.debug("The connection was lost before it was closed: {}", e.toString());
        }
        connection = null;
      }
    }
  }

  private void send(Outbox outbox, Parcel parcel) throws SQLException {
    Duration pause;
    String reason;
    try {
      senders.send(channel(parcel), parcel.alert());
      outbox.sent(parcel);
      sent.increment();
      return;
    } catch (SendFailedException e) {
      reason = e.getMessage();
      pause = longer(Duration.ofMillis(pauses.apply(parcel.attempts())), e.retryAfter());
    } catch (RuntimeException e) {
      LOG.error("{} cannot be sent", parcel, e);
      reason = "a fault in Millrace: " + e;
      pause = Duration.ofMillis(pauses.apply(parcel.attempts()));
    }
    failed.increment();
    Duration age = Duration.between(parcel.createdAt(), clock.instant());
    if (age.plus(pause).compareTo(options.giveUpAfter()) > 0) {
      outbox.dead(parcel, reason);
      dead.increment();
      LOG.error("{} is given up after {} attempts: {}", parcel, parcel.attempts(), reason);
    } else {
      outbox.failed(parcel, reason, pause);
      LOG.warn("{} failed, attempt {}: {}", parcel, parcel.attempts(), reason);
    }
  }

  private ChannelSpec channel(Parcel parcel) throws SendFailedException {
    return rules
        .apply(parcel.tenant())
        .channel(parcel.channel())
        .orElseThrow(
            () ->
                new SendFailedException(
                    "the file of tenant "
                        + parcel.tenant()
                        + " has no channel "
                        + parcel.channel()
                        + "; give it again, or let the message go"));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private void forget() {
    try (Connection connection = database.connect()) {
      new Outbox(connection, clock).forget(KEPT);
      new Acknowledgements(connection, clock).forget(KEPT);
    } catch (SQLException e) {
      LOG.warn("Old alerts stay, as {} fails: {}", database.jdbcUrl(), e.getMessage());
    }
  }

  /** Ends after what is being sent; the rest waits in the outbox. */
  @Override
  public void close() {
    closing = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("An alert is still being sent; it is sent again after its lease");
        return;
      }
      couriers.forEach(Courier::disconnect);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
