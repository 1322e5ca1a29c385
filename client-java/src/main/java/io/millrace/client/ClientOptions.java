package io.millrace.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a client sends, and how much it may hold back.
 *
 * @param gateway base URL, for example {@code https://events.example.com}
 * @param writeKey a server-side key, so that the addresses in the events count
 * @param maxQueuedEvents in memory; beyond it the newest is dropped
 * @param maxQueuedBytes of their JSON, likewise
 * @param maxBatchEvents of one request; the gateway takes 500
 * @param maxBatchBytes of one request before compression; the gateway takes 1 MiB
 * @param linger how long an event waits for others to be sent with
 * @param connectTimeout until the gateway has taken a connection
 * @param requestTimeout until a request is answered; then it is sent again
 * @param firstPause after a failed request; doubled with each further failure
 * @param longestPause of these, and between two probes while the circuit is open
 * @param failuresToOpen failed requests in a row that open the circuit
 * @param spoolFile takes what waits in memory while the circuit is open, and at close; null for
 *     none
 * @param maxSpoolBytes of that file
 */
public record ClientOptions(
    URI gateway,
    String writeKey,
    int maxQueuedEvents,
    long maxQueuedBytes,
    int maxBatchEvents,
    int maxBatchBytes,
    Duration linger,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration firstPause,
    Duration longestPause,
    int failuresToOpen,
    Path spoolFile,
    long maxSpoolBytes) {

  static final int MAX_EVENT_BYTES = 64 * 1024;
  private static final int MAX_BATCH_EVENTS = 500;
  private static final int MAX_BATCH_BYTES = 1 << 20;
  private static final long MAX_MILLIS = Duration.ofHours(1).toMillis();

  public ClientOptions {
    Objects.requireNonNull(gateway, "gateway");
    if (!("http".equals(gateway.getScheme()) || "https".equals(gateway.getScheme()))
        || gateway.getHost() == null) {
      throw invalid("gateway", gateway, "give a URL such as https://events.example.com");
    }
    if (writeKey == null || !writeKey.matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "Cannot start the Millrace client: writeKey is "
              + (writeKey == null || writeKey.isBlank() ? "empty" : "not one word of ASCII")
              + "; give the key as `millrace up` or your administrator shows it");
    }
    requireBetween(1, Integer.MAX_VALUE, maxQueuedEvents, "maxQueuedEvents");
    requireBetween(MAX_EVENT_BYTES, Long.MAX_VALUE, maxQueuedBytes, "maxQueuedBytes");
    requireBetween(1, MAX_BATCH_EVENTS, maxBatchEvents, "maxBatchEvents");
    requireBetween(2L * MAX_EVENT_BYTES, MAX_BATCH_BYTES, maxBatchBytes, "maxBatchBytes");
    requireBetween(0, MAX_MILLIS, linger.toMillis(), "linger (ms)");
    requireBetween(1, MAX_MILLIS, connectTimeout.toMillis(), "connectTimeout (ms)");
    requireBetween(1, MAX_MILLIS, requestTimeout.toMillis(), "requestTimeout (ms)");
    requireBetween(1, MAX_MILLIS, firstPause.toMillis(), "firstPause (ms)");
    requireBetween(firstPause.toMillis(), MAX_MILLIS, longestPause.toMillis(), "longestPause (ms)");
    requireBetween(1, Integer.MAX_VALUE, failuresToOpen, "failuresToOpen");
    requireBetween(MAX_EVENT_BYTES, Long.MAX_VALUE, maxSpoolBytes, "maxSpoolBytes");
  }

  private static void requireBetween(long min, long max, long value, String name) {
    if (value < min || value > max) {
      throw invalid(name, value, "give " + min + " to " + max);
    }
  }

  private static IllegalArgumentException invalid(String name, Object value, String allowed) {
    return new IllegalArgumentException(
        "Cannot start the Millrace client: " + name + " is " + value + "; " + allowed);
  }

  /** The defaults. */
  public static Builder builder(URI gateway, String writeKey) {
    return new Builder(gateway, writeKey);
  }

  /** Without the key, so that logging the options does not give it away. */
  @Override
  public String toString() {
    return "ClientOptions[gateway=" + gateway + ", spoolFile=" + spoolFile + ']';
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final URI gateway;
    private final String writeKey;
    private int maxQueuedEvents = 50_000;
    private long maxQueuedBytes = 32L << 20;
    private int maxBatchEvents = MAX_BATCH_EVENTS;
    private int maxBatchBytes = MAX_BATCH_BYTES;
    private Duration linger = Duration.ofMillis(100);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration requestTimeout = Duration.ofSeconds(20);
    private Duration firstPause = Duration.ofMillis(200);
    private Duration longestPause = Duration.ofSeconds(30);
    private int failuresToOpen = 3;
    private Path spoolFile;
    private long maxSpoolBytes = 256L << 20;

    private Builder(URI gateway, String writeKey) {
      this.gateway = gateway;
      this.writeKey = writeKey;
    }

    public Builder maxQueuedEvents(int value) {
      maxQueuedEvents = value;
      return this;
    }

    public Builder maxQueuedBytes(long value) {
      maxQueuedBytes = value;
      return this;
    }

    public Builder maxBatchEvents(int value) {
      maxBatchEvents = value;
      return this;
    }

    public Builder maxBatchBytes(int value) {
      maxBatchBytes = value;
      return this;
    }

    public Builder linger(Duration value) {
      linger = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder firstPause(Duration value) {
      firstPause = value;
      return this;
    }

    public Builder longestPause(Duration value) {
      longestPause = value;
      return this;
    }

    public Builder failuresToOpen(int value) {
      failuresToOpen = value;
      return this;
    }

    public Builder spoolFile(Path value) {
      spoolFile = value;
      return this;
    }

    public Builder maxSpoolBytes(long value) {
      maxSpoolBytes = value;
      return this;
    }

    public ClientOptions build() {
      return new ClientOptions(
          gateway,
          writeKey,
          maxQueuedEvents,
          maxQueuedBytes,
          maxBatchEvents,
          maxBatchBytes,
          linger,
          connectTimeout,
          requestTimeout,
          firstPause,
          longestPause,
          failuresToOpen,
          spoolFile,
          maxSpoolBytes);
    }
  }
}
