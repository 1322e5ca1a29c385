package io.millrace.gateway;

import io.millrace.gateway.access.AccessOptions;
import io.millrace.gateway.spool.SpoolOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * Where the gateway listens, which Kafka it writes to, and its limits.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param bootstrapServers Kafka brokers, {@code host:port} separated by commas
 * @param rawTopic accepted events
 * @param deadLetterTopic refused events with the reason
 * @param maxBodyBytes of one request, after decompression
 * @param maxBatchEvents of one request
 * @param maxInFlightBytes of requests that wait for Kafka; beyond it senders are told to retry
 * @param deadLettersPerHour per write key; refused events beyond it are only counted
 * @param heartbeatAfter silence of a Kafka partition after which it gets a heartbeat
 * @param deliveryTimeout after which an unacknowledged request is answered 503
 * @param linger how long the producer waits for more events to send with the first
 * @param maxConnections open at the same time
 * @param access whom it believes, and what it endures from one address
 * @param idleTimeout after which a connection on which nothing happens is closed, and one on which
 *     the head of a request is not complete
 * @param spool where events wait while Kafka is away; null for nowhere, and then senders wait
 */
public record GatewayOptions(
    String host,
    int port,
    String bootstrapServers,
    String rawTopic,
    String deadLetterTopic,
    int maxBodyBytes,
    int maxBatchEvents,
    long maxInFlightBytes,
    int deadLettersPerHour,
    Duration heartbeatAfter,
    Duration deliveryTimeout,
    Duration linger,
    int maxConnections,
    AccessOptions access,
    Duration idleTimeout,
    SpoolOptions spool) {

  public GatewayOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(bootstrapServers, "bootstrapServers");
    requireAbove(0, maxBodyBytes, "maxBodyBytes");
    requireAbove(0, maxBatchEvents, "maxBatchEvents");
    // Less could never let one full request through.
    requireAbove(2L * maxBodyBytes - 1, maxInFlightBytes, "maxInFlightBytes");
    requireAbove(-1, deadLettersPerHour, "deadLettersPerHour");
    requireAbove(0, heartbeatAfter.toMillis(), "heartbeatAfter (ms)");
    requireAbove(99, deliveryTimeout.toMillis(), "deliveryTimeout (ms)");
    requireAbove(0, maxConnections, "maxConnections");
    Objects.requireNonNull(access, "access");
    requireAbove(99, idleTimeout.toMillis(), "idleTimeout (ms)");
    if (spool != null) {
      requireAbove(4L * maxBodyBytes - 1, spool.maxBytes(), "spool.maxBytes");
    }
  }

  private static void requireAbove(long bound, long value, String name) {
    if (value <= bound) {
      throw new IllegalArgumentException(
          "Cannot start the gateway: " + name + " is " + value + "; give more than " + bound);
    }
  }

  /** The defaults, on a free port of the loopback address. */
  public static Builder builder(String bootstrapServers) {
    return new Builder(bootstrapServers);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final String bootstrapServers;
    private String host = "127.0.0.1";
    private int port;
    private String rawTopic = "events.raw";
    private String deadLetterTopic = "events.dead-letter";
    private int maxBodyBytes = 1 << 20;
    private int maxBatchEvents = 500;
    private long maxInFlightBytes = 32L << 20;
    private int deadLettersPerHour = 10_000;
    private Duration heartbeatAfter = Duration.ofSeconds(5);
    private Duration deliveryTimeout = Duration.ofSeconds(10);
    private Duration linger = Duration.ofMillis(2);
    private int maxConnections = 4096;
    private AccessOptions access = AccessOptions.DEFAULT;
    private Duration idleTimeout = Duration.ofSeconds(60);
    private SpoolOptions spool;

    private Builder(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
    }

    public Builder host(String value) {
      host = value;
      return this;
    }

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder rawTopic(String value) {
      rawTopic = value;
      return this;
    }

    public Builder deadLetterTopic(String value) {
      deadLetterTopic = value;
      return this;
    }

    public Builder maxBodyBytes(int value) {
      maxBodyBytes = value;
      return this;
    }

    public Builder maxBatchEvents(int value) {
      maxBatchEvents = value;
      return this;
    }

    public Builder maxInFlightBytes(long value) {
      maxInFlightBytes = value;
      return this;
    }

    public Builder deadLettersPerHour(int value) {
      deadLettersPerHour = value;
      return this;
    }

    public Builder heartbeatAfter(Duration value) {
      heartbeatAfter = value;
      return this;
    }

    public Builder deliveryTimeout(Duration value) {
      deliveryTimeout = value;
      return this;
    }

    public Builder linger(Duration value) {
      linger = value;
      return this;
    }

    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    public Builder access(AccessOptions value) {
      access = value;
      return this;
    }

    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    public Builder spool(SpoolOptions value) {
      spool = value;
      return this;
    }

    public GatewayOptions build() {
      return new GatewayOptions(
          host,
          port,
          bootstrapServers,
          rawTopic,
          deadLetterTopic,
          maxBodyBytes,
          maxBatchEvents,
          maxInFlightBytes,
          deadLettersPerHour,
          heartbeatAfter,
          deliveryTimeout,
          linger,
          maxConnections,
          access,
          idleTimeout,
          spool);
    }
  }
}
