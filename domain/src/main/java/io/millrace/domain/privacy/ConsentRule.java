package io.millrace.domain.privacy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an event's field {@code consent} does. */
public enum ConsentRule {
  /** Nothing; it is stored with the event. */
  @JsonProperty("ignore")
  IGNORE,

  /** An event that says no is not stored; one that says nothing is. */
  @JsonProperty("honour")
  HONOUR,

  /** Only an event that says yes is stored. */
  @JsonProperty("require")
  REQUIRE,

  /**
   * {@link #REQUIRE} in some countries and where the country is not known, else {@link #HONOUR}.
   */
  @JsonProperty("require_in_countries")
  REQUIRE_IN_COUNTRIES
}
