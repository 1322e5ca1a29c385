package io.millrace.jobs.sessions;

import io.millrace.jobs.kit.Columns;

/** {@code lake.duplicates}. */
public final class DuplicateColumns {
  private DuplicateColumns() {}

  public static Columns<Duplicate> columns() {
    return new Columns<Duplicate>()
        .text("tenant", d -> d.tenant)
        .text("event_id", d -> d.eventId)
        .text("visitor_id", d -> d.visitorId)
        .text("code", d -> "duplicate")
        .text(
            "message",
            d ->
                "Same tenant, visitor and event id as partition "
                    + d.originalPartition
                    + ", offset "
                    + d.originalOffset)
        .text("stage", d -> "sessions")
        .time("received_at", d -> d.receivedAt)
        .integer("kafka_partition", d -> d.kafkaPartition)
        .number("kafka_offset", d -> d.kafkaOffset)
        .integer("original_partition", d -> d.originalPartition)
        .number("original_offset", d -> d.originalOffset);
  }
}
