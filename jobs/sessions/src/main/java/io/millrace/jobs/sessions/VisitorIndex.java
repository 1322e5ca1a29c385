package io.millrace.jobs.sessions;

/**
 * State: the bounds of a visitor's sessions, so that an event finds its session without reading the
 * others.
 *
 * <p>One array entry per session. Cleared with the visitor's last session. A Flink POJO.
 */
public final class VisitorIndex {
  public int[] slots;
  public long[] startedAt;
  public long[] endedAt;

  /** Processing time of the last event, epoch ms. */
  public long[] touchedAt;

  /** Bits of {@link Slot}. */
  public byte[] status;

  public int nextSlot;

  /** The event-time timer that is set, or {@link Visitor#NONE}. */
  public long eventTimer;

  /** The processing-time timer that is set, or {@link Visitor#NONE}. */
  public long processingTimer;
}
