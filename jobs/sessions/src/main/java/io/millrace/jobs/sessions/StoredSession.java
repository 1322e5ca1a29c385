package io.millrace.jobs.sessions;

import io.millrace.domain.session.Session;
import io.millrace.domain.session.SessionContent;

/**
 * State: one session's content and what of it the lake has. Cleared when its session is dropped. A
 * Flink POJO.
 */
public final class StoredSession {
  public SessionContent content;

  /** Revision of the row in the lake; 0 before the first. */
  public int revision;

  /**
   * Rows in the lake that the next one replaces; null unless an event came after the last row was
   * written.
   */
  public Session[] outdated;

  /** Whether the hot store shows this session under its present id. */
  public boolean shown;
}
