package io.millrace.jobs.programs;

import io.millrace.domain.event.Event;
import io.millrace.jobs.kit.SessionChange;

/**
 * A record between two jobs, read: an event, a session's change, or a mark that says how far the
 * time of a writer is.
 */
public final class HandedOver {
  public Event event;
  public SessionChange session;

  /** Which subtask wrote the mark; -1 where this is none. */
  public int writer = -1;

  /** How many subtasks write. */
  public int writers;

  /** The writer's watermark, epoch ms. */
  public long watermark;
}
