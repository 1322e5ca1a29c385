package io.millrace.domain.alert;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What {@link AlertMachine} is told. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AnomalyFact.class, name = "anomaly"),
  @JsonSubTypes.Type(value = MeasureFact.class, name = "measure"),
  @JsonSubTypes.Type(value = Acknowledgement.class, name = "acknowledgement")
})
public sealed interface Fact permits WindowFact, Acknowledgement {
  String tenant();

  /** The time by which it can be known: a window's end. */
  @JsonIgnore
  long knownAtMillis();

  /** Facts of one key are versions of one another. */
  @JsonIgnore
  String key();

  /** The newest version counts. */
  long revision();
}
