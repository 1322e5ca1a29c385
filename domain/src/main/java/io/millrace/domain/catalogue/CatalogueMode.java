package io.millrace.domain.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of an event that the catalogue does not know, or that it knows otherwise. */
public enum CatalogueMode {
  /** It is accepted, marked and counted. */
  @JsonProperty("lenient")
  LENIENT,

  /** It is refused. */
  @JsonProperty("strict")
  STRICT
}
