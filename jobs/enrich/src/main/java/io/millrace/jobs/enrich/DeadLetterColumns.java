package io.millrace.jobs.enrich;

import io.millrace.jobs.kit.Columns;
import io.millrace.jobs.kit.DeadLetter;

/** {@code lake.dead_letters}. */
public final class DeadLetterColumns {
  private DeadLetterColumns() {}

  public static Columns<DeadLetter> columns() {
    return new Columns<DeadLetter>()
        .text("tenant", letter -> letter.tenant)
        .text("event_id", letter -> letter.eventId)
        .text("code", letter -> letter.code)
        .text("message", letter -> letter.message)
        .text("stage", letter -> letter.stage)
        .time("received_at", letter -> letter.receivedAt)
        .bytes("payload", letter -> letter.payload)
        .integer("kafka_partition", letter -> letter.kafkaPartition)
        .number("kafka_offset", letter -> letter.kafkaOffset);
  }
}
