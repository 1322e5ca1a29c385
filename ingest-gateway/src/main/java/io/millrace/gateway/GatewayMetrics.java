package io.millrace.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.privacy.Withheld;
import io.millrace.gateway.access.Denial;
import io.millrace.gateway.access.WriteKeys;
import io.millrace.gateway.spool.Spool;
import io.millrace.gateway.spool.SpoolCounters;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The gateway's counters. They add up: received = accepted + rejected + withheld + limited +
 * unavailable. A request that is turned away before its body is read is only counted as a request,
 * since nobody knows its events. No label ever takes a value that a sender chose.
 */
final class GatewayMetrics implements AutoCloseable {
  private static final Set<Denial> EVENT_LIMITS =
      Set.of(Denial.RATE_LIMITED, Denial.QUOTA_EXCEEDED);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter received = registry.counter("gateway.events.received");
  private final Counter accepted = registry.counter("gateway.events.accepted");
  private final Counter unavailable = registry.counter("gateway.events.unavailable");
  private final Map<Refusal, Counter> rejected = new EnumMap<>(Refusal.class);
  private final Map<Denial, Counter> limited = new EnumMap<>(Denial.class);
  private final Map<Denial, Counter> denied = new EnumMap<>(Denial.class);
  private final Map<Withheld, Counter> withheld = new EnumMap<>(Withheld.class);
  private final Map<Refusal, Counter> flagged = new EnumMap<>(Refusal.class);
  private final Counter redacted = registry.counter("gateway.events.redacted");
  private final Counter deadLetters = registry.counter("gateway.dead.letters.written");
  private final Counter deadLettersBeyond = registry.counter("gateway.dead.letters.beyond.limit");
  private final Counter heartbeats = registry.counter("gateway.heartbeats");
  private final Counter ignoredWebhooks = registry.counter("gateway.webhooks.ignored");
  private final Map<Integer, Counter> requests = new ConcurrentHashMap<>();
  private final Timer latency =
      Timer.builder("gateway.request")
          .description("From the request's headers to its answer")
          .serviceLevelObjectives(
              Duration.ofMillis(1),
              Duration.ofMillis(2),
              Duration.ofMillis(5),
              Duration.ofMillis(10),
              Duration.ofMillis(15),
              Duration.ofMillis(25),
              Duration.ofMillis(50),
              Duration.ofMillis(100),
              Duration.ofMillis(250),
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10))
          .register(registry);

  GatewayMetrics(LongSupplier inFlightBytes, WriteKeys keys) {
    for (Refusal refusal : Refusal.values()) {
      rejected.put(refusal, registry.counter("gateway.events.rejected", "code", refusal.code()));
    }
    for (Denial denial : Denial.values()) {
      denied.put(denial, registry.counter("gateway.requests.denied", "code", denial.code()));
    }
    for (Denial denial : EVENT_LIMITS) {
      limited.put(denial, registry.counter("gateway.events.limited", "code", denial.code()));
    }
    Gauge.builder("gateway.write.keys.age", keys, WriteKeys::ageSeconds)
        .baseUnit("seconds")
        .strongReference(true)
        .description("Since the write keys were last known to be up to date")
        .register(registry);
    for (Withheld why : Withheld.values()) {
      withheld.put(why, registry.counter("gateway.events.withheld", "reason", why.reason()));
    }
    for (Refusal why : List.of(Refusal.UNKNOWN_EVENT_TYPE, Refusal.PROPERTY_INVALID)) {
      flagged.put(why, registry.counter("gateway.events.flagged", "code", why.code()));
    }
    Gauge.builder("gateway.in.flight", inFlightBytes, LongSupplier::getAsLong)
        .baseUnit("bytes")
        .strongReference(true)
        .description("Memory reserved by requests that are not answered yet")
        .register(registry);
  }

  void received(int events) {
    received.increment(events);
  }

  void accepted(int events) {
    accepted.increment(events);
  }

  void rejected(Refusal why) {
    rejected.get(why).increment();
  }

  /** A request that was turned away for what its headers say. */
  void denied(Denial why) {
    denied.get(why).increment();
  }

  /** A request that was turned away because of the number of its events. */
  void limited(Denial why, int events) {
    limited.get(why).increment(events);
    denied(why);
  }

  /** Events that their visitors do not want stored. */
  void withheld(Withheld why, int events) {
    withheld.get(why).increment(events);
  }

  /** Accepted events that the catalogue has something against. */
  void flagged(Refusal why, int events) {
    flagged.get(why).increment(events);
  }

  /** Stored events and dead letters that something private was taken out of. */
  void redacted(int events) {
    redacted.increment(events);
  }

  void unavailable(int events) {
    unavailable.increment(events);
  }

  void deadLetters(int written, int beyondLimit) {
    deadLetters.increment(written);
    deadLettersBeyond.increment(beyondLimit);
  }

  /** Believed webhooks that tell of nothing which is an event here. */
  Counter ignoredWebhooks() {
    return ignoredWebhooks;
  }

  Counter heartbeats() {
    return heartbeats;
  }

  void answered(int status, long nanos) {
    requests
        .computeIfAbsent(
            status, code -> registry.counter("gateway.requests", "status", Integer.toString(code)))
        .increment();
    latency.record(Duration.ofNanos(nanos));
  }

  /** Those of the spool, when there is one. */
  SpoolCounters spoolCounters() {
    return new SpoolCounters(registry);
  }

  void watchSpool(Spool spool) {
    Gauge.builder("gateway.spool", spool, Spool::heldBytes)
        .baseUnit("bytes")
        .strongReference(true)
        .description("On disk, for Kafka")
        .register(registry);
  }

  MeterRegistry registry() {
    return registry;
  }

  /** All of it in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
