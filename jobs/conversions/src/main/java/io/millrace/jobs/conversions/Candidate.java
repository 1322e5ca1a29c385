package io.millrace.jobs.conversions;

import io.millrace.domain.definitions.MatchedEvent;

/**
 * State: an event that is a conversion or may be a step of a funnel. As a conversion it is cleared
 * when it is restated no more, as a step with the visitor's sessions. A Flink POJO.
 */
public final class Candidate {
  public MatchedEvent event;

  /** Processing time, epoch ms. */
  public long arrivedAt;

  /** Whether the rows that the lake has count this event. */
  public boolean written;
}
