package io.millrace.jobs.sessions;

import io.millrace.domain.session.SessionRules;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the sessions job behaves.
 *
 * @param rules what a session is
 * @param quiet how long a session that is late anyway must have been quiet, in processing time,
 *     before its row is written
 * @param kept how long after its last event a session stays in state, in processing time: as long
 *     duplicates are found and late events restate it
 * @param cacheBytes bound of the cache of one subtask
 */
public record SessionOptions(SessionRules rules, Duration quiet, Duration kept, long cacheBytes)
    implements Serializable {
  public static final SessionOptions DEFAULT =
      new SessionOptions(
          SessionRules.withGap(SessionRules.DEFAULT_GAP),
          Duration.ofSeconds(10),
          Duration.ofDays(7),
          64L << 20);

  public SessionOptions {
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException(
          "sessions.quiet is " + quiet + "; give a duration above 0, for example \"10 s\"");
    }
    if (kept.compareTo(quiet) <= 0) {
      throw new IllegalArgumentException(
          "sessions.kept is " + kept + "; give a duration above sessions.quiet (" + quiet + ")");
    }
    if (cacheBytes <= 0) {
      throw new IllegalArgumentException(
          "sessions.cache-bytes is " + cacheBytes + "; give a size above 0, for example 67108864");
    }
  }

  public SessionOptions withQuiet(Duration changed) {
    return new SessionOptions(rules, changed, kept, cacheBytes);
  }

  public SessionOptions withKept(Duration changed) {
    return new SessionOptions(rules, quiet, changed, cacheBytes);
  }

  public SessionOptions withCacheBytes(long changed) {
    return new SessionOptions(rules, quiet, kept, changed);
  }
}
