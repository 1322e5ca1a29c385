package io.millrace.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.domain.event.Refusal;
import io.millrace.gateway.spool.Spool;
import io.millrace.gateway.spool.SpoolCounters;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The gateway's counters. They add up: received = accepted + rejected + unavailable. No label ever
 * takes a value that a sender chose.
 */
final class GatewayMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter received = registry.counter("gateway.events.received");
  private final Counter accepted = registry.counter("gateway.events.accepted");
  private final Counter unavailable = registry.counter("gateway.events.unavailable");
  private final Map<Refusal, Counter> rejected = new EnumMap<>(Refusal.class);
  private final Counter deadLetters = registry.counter("gateway.dead.letters.written");
  private final Counter deadLettersBeyond = registry.counter("gateway.dead.letters.beyond.limit");
  private final Counter heartbeats = registry.counter("gateway.heartbeats");
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

  GatewayMetrics(LongSupplier inFlightBytes) {
    for (Refusal refusal : Refusal.values()) {
      rejected.put(refusal, registry.counter("gateway.events.rejected", "code", refusal.code()));
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

  void unavailable(int events) {
    unavailable.increment(events);
  }

  void deadLetters(int written, int beyondLimit) {
    deadLetters.increment(written);
    deadLettersBeyond.increment(beyondLimit);
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

  /** All of it in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
