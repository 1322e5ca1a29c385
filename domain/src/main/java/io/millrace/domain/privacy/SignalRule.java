package io.millrace.domain.privacy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a browser's request not to be tracked does. */
public enum SignalRule {
  /** Nothing. */
  @JsonProperty("ignore")
  IGNORE,

  /** The events are counted and not stored. */
  @JsonProperty("drop")
  DROP
}
