package io.millrace.jobs.kit;

/** An event that could not be used, with its original bytes; a row of {@code lake.dead_letters}. */
public final class DeadLetter {
  /** {@link #stage} of what the gateway refused. */
  public static final String GATEWAY = "gateway";

  /** Null where the record does not say. */
  public String tenant;

  /** Null where it could not be read. */
  public String eventId;

  /** Stable code of the reason, see {@code Refusal}. */
  public String code;

  public String message;

  /** Where it was refused: {@code gateway} or {@code enrich}. */
  public String stage;

  /** Epoch ms. */
  public long receivedAt;

  /** The event as it came; null for a record without a value. */
  public byte[] payload;

  /** Place in {@code events.raw}, or for stage {@code gateway} in {@code events.dead-letter}. */
  public int kafkaPartition;

  public long kafkaOffset;
}
