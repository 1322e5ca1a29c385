package io.millrace.domain.anomaly;

import java.util.Locale;

/** Why the data itself is to be suspected, rather than what people do. */
public enum TrackingFault {
  /** Page views are gone while other events go on: a release lost the tracker's page view. */
  PAGE_VIEWS_GONE,
  /**
   * One browser, system or device is gone while the others are as usual: the tracker fails there.
   */
  CLIENT_GONE,
  /** All that is counted by the event doubled, and visitors did not: it is sent twice. */
  DOUBLED,
  /** More events without more people. */
  BOT_WAVE,
  /** The pipeline was behind, so more may come. */
  PIPELINE_BEHIND;

  /** As it is in rows and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
