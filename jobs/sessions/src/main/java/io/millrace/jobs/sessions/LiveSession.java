package io.millrace.jobs.sessions;

import io.millrace.domain.session.Session;

/** A session as the hot store should show it now. */
public final class LiveSession {
  public Session session;

  /** Whether the session has ended, as far as the watermark tells. */
  public boolean closed;

  /** Whether this id is no more, because the session's start moved or it was joined to another. */
  public boolean withdrawn;

  /** Grows with every change of this id. */
  public long version;
}
