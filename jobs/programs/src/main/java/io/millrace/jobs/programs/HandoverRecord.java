package io.millrace.jobs.programs;

/** A record between two jobs, to be written. */
public final class HandoverRecord {
  public byte[] key;

  /** Null in a mark. */
  public byte[] value;

  /** Where a mark goes; -1 where the key decides. */
  public int partition = -1;

  public int writer;
  public int writers;
  public long watermark;
}
