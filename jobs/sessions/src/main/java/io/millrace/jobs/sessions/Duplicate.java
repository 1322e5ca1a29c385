package io.millrace.jobs.sessions;

/** A repeated delivery of an event that is stored already; a row of {@code lake.duplicates}. */
public final class Duplicate {
  public String tenant;
  public String eventId;
  public String visitorId;
  public long receivedAt;
  public int kafkaPartition;
  public long kafkaOffset;
  public int originalPartition;
  public long originalOffset;
}
