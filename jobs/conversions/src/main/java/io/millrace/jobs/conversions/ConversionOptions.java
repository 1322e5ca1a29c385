package io.millrace.jobs.conversions;

import io.millrace.domain.attribution.AttributionRules;
import io.millrace.domain.definitions.Definitions;
import io.millrace.domain.session.SessionRules;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the conversions job behaves.
 *
 * @param sessions what a session is; the same as in the sessions job
 * @param attribution who gets the credit for a conversion
 * @param quiet how long a visitor must have been quiet, in processing time, before rows are written
 * @param patience how long a visitor who is never quiet waits at most
 * @param restated how long after its event arrived a conversion is restated, in processing time
 * @param cacheBytes bound of the cache of one subtask
 */
public record ConversionOptions(
    SessionRules sessions,
    AttributionRules attribution,
    Duration quiet,
    Duration patience,
    Duration restated,
    long cacheBytes)
    implements Serializable {
  public static final ConversionOptions DEFAULT =
      new ConversionOptions(
          SessionRules.withGap(SessionRules.DEFAULT_GAP),
          AttributionRules.DEFAULT,
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofDays(7),
          64L << 20);

  public ConversionOptions {
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException(
          "conversions.quiet is " + quiet + "; give a duration above 0, for example \"10 s\"");
    }
    if (patience.compareTo(quiet) < 0) {
      throw new IllegalArgumentException(
          "conversions.patience is "
              + patience
              + "; give at least conversions.quiet ("
              + quiet
              + ")");
    }
    if (restated.compareTo(patience) <= 0) {
      throw new IllegalArgumentException(
          "conversions.restated is "
              + restated
              + "; give a duration above conversions.patience ("
              + patience
              + ")");
    }
    if (cacheBytes <= 0) {
      throw new IllegalArgumentException(
          "conversions.cache-bytes is "
              + cacheBytes
              + "; give a size above 0, for example 67108864");
    }
  }

  /**
   * How long sessions and possible steps stay in state, in processing time: a conversion may look
   * back on them, or a funnel go on from them, and be restated after that.
   */
  public Duration kept() {
    Duration lookback = Duration.ofMillis(attribution.lookbackMs());
    Duration longest =
        lookback.compareTo(Definitions.LONGEST_WITHIN) > 0 ? lookback : Definitions.LONGEST_WITHIN;
    return longest.plus(restated);
  }

  public ConversionOptions withQuiet(Duration changed) {
    Duration atLeast = patience.compareTo(changed) < 0 ? changed : patience;
    return new ConversionOptions(sessions, attribution, changed, atLeast, restated, cacheBytes);
  }

  public ConversionOptions withCacheBytes(long changed) {
    return new ConversionOptions(sessions, attribution, quiet, patience, restated, changed);
  }
}
