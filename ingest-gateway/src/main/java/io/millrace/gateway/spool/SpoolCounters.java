package io.millrace.gateway.spool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what goes into the spool and out of it. */
public final class SpoolCounters {
  private final Counter written;
  private final Counter replayed;
  private final Counter refused;
  private final Counter truncated;
  private final Counter corrupt;

  public SpoolCounters(MeterRegistry registry) {
    written = registry.counter("gateway.spool.records", "what", "written");
    replayed = registry.counter("gateway.spool.records", "what", "replayed");
    refused = registry.counter("gateway.spool.records", "what", "refused");
    truncated = registry.counter("gateway.spool.damages", "what", "truncated");
    corrupt = registry.counter("gateway.spool.damages", "what", "corrupt");
  }

  void written(int records) {
    written.increment(records);
  }

  void replayed(int records) {
    replayed.increment(records);
  }

  /** A record that Kafka will never take, and that was put aside. */
  void refused() {
    refused.increment();
  }

  /** Bytes that are no record and were put aside; at the end of a segment or within it. */
  void damaged(boolean atEnd) {
    (atEnd ? truncated : corrupt).increment();
  }
}
