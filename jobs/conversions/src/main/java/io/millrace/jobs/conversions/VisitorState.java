package io.millrace.jobs.conversions;

import io.millrace.domain.goal.Touch;

/**
 * State: what conversions, credits and funnels of one visitor follow from. Cleared with the
 * visitor's last session. A Flink POJO.
 *
 * <p>Rows are not kept: those that the lake has are what the rules give for the written candidates
 * and {@link #writtenTouches}.
 */
public final class VisitorState {
  /** The visitor's sessions, in order of their start. */
  public Touch[] touches = new Touch[0];

  /** The sessions as they were when rows were written last; null where they are the same. */
  public Touch[] writtenTouches;

  public Candidate[] candidates = new Candidate[0];

  /** Processing time of the first change that is not written yet, or {@link Visitor#NONE}. */
  public long waitingSince;

  /** Processing time of the last such change. */
  public long changedAt;

  /** The processing-time timer that is set, or {@link Visitor#NONE}. */
  public long timer;
}
